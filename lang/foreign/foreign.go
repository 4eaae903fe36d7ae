// Package foreign is what people write who come from other systems, and what stands for it here: tables alone. What
// is said of it, and which of it is mended, is the business of those who read files.
package foreign

import "strings"

// Op is an op of another system.
type Op struct {
	Here  string // the op or rule that does the same
	Drops int    // how many of its first arguments are sizes that follow here from what arrives
}

// ops are those of PyTorch, then of Keras, then of DeepArchitect and others, where the name alone is near to none here.
var ops = map[string]Op{
	"Conv2d": {"conv", 1}, "Conv1d": {"conv1d", 1}, "Linear": {"linear", 1}, "LazyLinear": {"linear", 0}, "LazyConv2d": {"conv", 0},
	"MaxPool2d": {"max_pool", 0}, "AvgPool2d": {"avg_pool", 0}, "AdaptiveAvgPool2d": {"global_avg_pool", 1}, "AdaptiveMaxPool2d": {"global_max_pool", 1},
	"BatchNorm1d": {"batch_norm", 1}, "BatchNorm2d": {"batch_norm", 1}, "LayerNorm": {"layer_norm", 1}, "GroupNorm": {"group_norm", 0},
	"Dropout2d": {"dropout", 0}, "Identity": {"skip", 0}, "Embedding": {"embed", 0}, "MultiheadAttention": {"attention", 1},
	"TransformerEncoderLayer": {"encoder", 1}, "Unfold": {"unfold", 0}, "SiLU": {"silu", 0}, "cat": {"concat", 0}, "view": {"reshape", 0}, "max_pool2d": {"max_pool", 0},
	"avg_pool2d": {"avg_pool", 0}, "adaptive_avg_pool2d": {"global_avg_pool", 1},

	"Conv2D": {"conv", 0}, "Conv1D": {"conv1d", 0}, "MaxPooling2D": {"max_pool", 0}, "MaxPool2D": {"max_pool", 0}, "AveragePooling2D": {"avg_pool", 0},
	"GlobalAveragePooling2D": {"global_avg_pool", 0}, "GlobalMaxPooling2D": {"global_max_pool", 0}, "BatchNormalization": {"batch_norm", 0},
	"LayerNormalization": {"layer_norm", 0}, "SeparableConv2D": {"sep_conv", 0}, "MultiHeadAttention": {"attention", 0}, "Concatenate": {"concat", 0},
	"Multiply": {"mul", 0}, "swish": {"silu", 0},

	"conv2d": {"conv", 0}, "Affine": {"dense", 0}, "affine": {"dense", 0}, "fc": {"dense", 0}, "fully_connected": {"dense", 0}, "identity": {"skip", 0},
	"skip_connect": {"skip", 0}, "none": {"zero", 0}, "separable_conv": {"sep_conv", 0}, "gap": {"global_avg_pool", 0},
}

// FindOp looks up another system's op.
func FindOp(name string) (Op, bool) {
	o, ok := ops[name]
	return o, ok
}

// params are parameters of other systems' ops; "" stands for those that are not given here.
var params = map[string]string{
	"out_channels": "filters", "out_features": "units", "kernel_size": "kernel", "pool_size": "kernel", "filter_size": "kernel",
	"window_size": "kernel", "dilation_rate": "dilation", "num_groups": "groups", "use_bias": "bias", "num_heads": "heads", "nhead": "heads",
	"p": "rate", "drop_prob": "rate", "keep_prob": "keep", "num_units": "units", "hidden_size": "units", "negative_slope": "slope",
	"dim": "axis", "features": "units",

	"in_channels": "", "in_features": "", "input_size": "", "num_features": "", "normalized_shape": "", "num_channels": "", "embed_dim": "",
	"d_model": "", "input_shape": "", "inplace": "", "name": "", "batch_first": "",
}

// FindParam gives the parameter that here stands for another system's, "" where it is not given here.
func FindParam(name string) (here string, ok bool) {
	here, ok = params[name]
	return here, ok
}

// Form is what other systems write as a call, and what is a form of the language here.
type Form struct {
	Like string // how it is written here, as an example
	// Text is the form with $1 for the first argument; where Join is there, the arguments stand in a row with Join between.
	Text, Join string
	// Config tells that a call of that name is the form in a config, too, where other names stand for themselves.
	Config bool
}

var (
	sequence = Form{Like: "a >> b", Join: " >> "}
	choice   = Form{Like: "a | b", Join: " | ", Config: true}
	span     = Form{Like: "1..8", Text: "$1..$2", Config: true}
	bare     = Form{Like: "1..8", Text: "$1..$2"} // of a name that a config may use as a symbol
	steps    = Form{Like: "8..64 step 8", Text: "$1..$2 step $3", Config: true}
	logs     = Form{Like: "1e-4..1e-1 log", Text: "$1..$2 log", Config: true}
	times    = Form{Like: "a{1..4}", Text: "$1{$2}"}
	maybe    = Form{Like: "a?", Text: "$1?"}
)

// named is a form whose first argument is a name that the field or rule around has here.
func named(f Form) Form {
	f.Text = strings.NewReplacer("$1", "$2", "$2", "$3", "$3", "$4").Replace(f.Text)
	return f
}

var forms = map[string]Form{
	"Sequential": sequence, "sequential": sequence, "Concat": sequence, "Chain": sequence, "Compose": sequence, "siso_sequential": sequence,
	"Or": choice, "OneOf": choice, "oneof": choice, "one_of": choice, "choose": choice, "LayerChoice": choice, "ValueChoice": choice,
	"InputChoice": choice, "Choice": choice, "choice": choice, "Categorical": choice, "siso_or": choice,
	"suggest_categorical": {Like: "a | b", Text: "$2", Config: true},
	"Repeat":              times, "repeat": times, "siso_repeat": times, "Optional": maybe, "optional": maybe, "maybe": maybe, "siso_optional": maybe,
	"MaybeSwap": {Like: "any_order(a, b)", Text: "any_order($1, $2)"}, "siso_permutation": {Like: "any_order(a, b)", Text: "any_order($1, $2)"},
	"uniform": bare, "range": bare, "randint": span, "int": span, "integer": span, "Int": span, "Integer": span, "float": span, "Float": span, "real": span, "Real": span,
	"quniform": steps, "loguniform": logs, "qloguniform": logs, "UniformFloat": span, "UniformInteger": span,
	"suggest_int": named(span), "suggest_float": named(span), "suggest_uniform": named(span), "suggest_loguniform": named(logs),
	"suggest_discrete_uniform": named(steps),
}

// FindForm looks up what other systems write as a call.
func FindForm(name string) (Form, bool) {
	f, ok := forms[name]
	return f, ok
}

// Word is a name of another system.
type Word struct {
	Here string // what stands for it; "" where nothing does
	Says string // what to do
}

// Config tells that the word is another's in a config, too, where other names stand for themselves.
func (w Word) Config() bool { return w.Here == "true" || w.Here == "false" }

var words = map[string]Word{
	"True": {"true", ""}, "False": {"false", ""}, "TRUE": {"true", ""}, "FALSE": {"false", ""},
	"None": {"", "what has no value is left out"}, "null": {"", "what has no value is left out"}, "nil": {"", "what has no value is left out"},
	"same": {"", "a padding that keeps the size is the default: leave it out"}, "valid": {"0", "no padding is 'padding: 0'"},
	"flops": {"macs", "the cost counts multiplications with an addition each: two FLOPs"}, "FLOPs": {"macs", "the cost counts multiplications with an addition each: two FLOPs"},
	"parameters": {"params", ""}, "num_params": {"params", ""}, "depth": {"layers", ""},
}

// FindWord looks up a name that is no op.
func FindWord(name string) (Word, bool) {
	w, ok := words[name]
	return w, ok
}

// settings are fields of a training in other systems.
var settings = map[string]string{
	"batch_size": "batch", "bs": "batch", "train_batch_size": "batch", "minibatch": "batch", "learning_rate": "lr", "lr0": "lr", "step_size": "lr",
	"num_epochs": "epochs", "n_epochs": "epochs", "max_epochs": "epochs", "max_iter": "epochs", "l2": "weight_decay", "decay": "weight_decay", "wd": "weight_decay",
	"lr_scheduler": "schedule", "scheduler": "schedule", "lr_schedule": "schedule", "warmup_epochs": "warmup", "optim": "optimizer", "opt": "optimizer",
	"random_state": "seed", "random_seed": "seed",
}

// FindSetting gives the field of 'config train' that stands for another system's.
func FindSetting(name string) (here string, ok bool) {
	here, ok = settings[name]
	return here, ok
}
