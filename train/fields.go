package train

// Field documents a field of config train, or an argument of one of its values.
type Field struct {
	Of      string // "" for a field, else the value whose argument it is
	Name    string
	Takes   string
	Default string
	Doc     string
}

// Fields are what ParseSettings takes.
func Fields() []Field {
	return []Field{
		{"", "optimizer", "sgd, adam or adamw", "adam", "how weights change by their gradients"},
		{"sgd", "momentum", "a real from 0 to below 1", "0", "v = momentum v + g; w = w - lr v"},
		{"adam", "beta1", "a real from 0 to below 1", "0.9", "decay of the mean of gradients"},
		{"adam", "beta2", "a real from 0 to below 1", "0.999", "decay of the mean of their squares; epsilon is 1e-8"},
		{"adamw", "beta1", "a real from 0 to below 1", "0.9", "as adam's"},
		{"adamw", "beta2", "a real from 0 to below 1", "0.999", "as adam's"},
		{"", "lr", "a real over 0", "0.003", "the learning rate, before the schedule"},
		{"", "weight_decay", "a real from 0", "0; adamw's 0.01",
			"added to the gradient, times the weight, by sgd and adam; adamw shrinks weights by lr weight_decay instead. It may be an argument of the optimizer too"},
		{"", "schedule", "constant, cosine or step", "cosine", "how the rate moves; cosine falls to 0 over the training, step by step"},
		{"step", "every", "an integer from 1", "5", "epochs between two changes"},
		{"step", "factor", "a real over 0, up to 1", "0.1", "what each change multiplies the rate by"},
		{"", "warmup", "a real from 0", "0", "epochs over which the rate first rises, linearly; cosine begins after it"},
		{"", "batch", "an integer from 1 to 65536", "32", "examples a step; each epoch's last partial batch is left out"},
		{"", "epochs", "an integer from 1 to 1048576", "10; search's 6", "passes over the training examples; --epochs goes before it"},
		{"", "seed", "an integer from 0", "1", "of first weights, order of examples and dropout; --seed goes before it"},
	}
}
