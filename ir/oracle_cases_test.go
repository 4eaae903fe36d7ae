package ir_test

import "testing"

// TestOracleCases are files that were read wrongly once.
func TestOracleCases(t *testing.T) {
	for name, text := range map[string]string{
		"sizes count ops before the first choice":           "net = relu >> tanh >> (relu | skip >> relu)",
		"a choice within an optional has its own name":      "net = (relu | tanh)? >> (relu | tanh)",
		"a value of a recursive call, and a let of modules": "let m = relu | tanh\nrule r(n) = m if n == 1 | r(n - 1) >> sigmoid if n > 1\nnet = r(3)",
		"'of' as many as arrive":                            "net = clone(2 | 3) >> (1..3) of (relu [3] | tanh | (skip | sigmoid)) >> add",
		"'of' by a let, with guards":                        "net = { let w = 1 | 2; in >> conv(w) >> clone(2) >> (w | 2) of (relu | tanh if w == 2 | skip if w == 1 | sigmoid [2]) >> add }",
		"a choice within a question of 'of' has its own":    "net = clone(2) >> 2 of ((relu | tanh) | skip | sigmoid) >> add",
		"'is' of a let that nothing uses":                   "net = { let m = relu | tanh; require m is relu; sigmoid }",
		"a block's module runs on what arrived":             "net = { h = in ++ in; tanh } * skip",
		"'is' of a let that a rule drew":                    "let m = relu | tanh\nrule r = m\nnet = r >> (relu | sigmoid if m is relu)",
		"'is' within a rule, of a let drawn before":         "let m = relu | tanh\nrule r = relu | sigmoid if m is relu\nnet = m >> r",
		"'is' of a let whose guards read a let":             "let w = 2 | 3\nlet m = relu if w == 2 | tanh\nnet = m >> (relu | sigmoid if m is relu)",
		"[each] merges a range":                             "net = relu | conv(2..3, kernel: 1..5 step 2) [each]",
		"merged options have names of their own":            "net = (relu >> tanh | tanh) | (relu | relu | conv(2 | 2)) [each]",
		"a recursive let on types that are found late":      "rule t = relu | max_pool(2) >> t\nlet u = t\nnet = u >> u",
		"least sums end the count of a left recursion":      "rule t = relu | t >> relu >> t if nesting < 4\nnet = t\nrequire count(relu) <= 2",
		"what 'is' tests outlives the drawing of arguments": "let m = relu | tanh | conv(2 | 1)\nnet = m >> (relu | tanh)\nrequire m is relu",
		"shared weights have one set of sizes":              "net = { share let c = conv(1 | 3 | 8); in >> c >> c }",
		"shared weights of other sizes, as many":            "net = { share let c = conv(2 | 3, kernel: 1) >> conv(3 | 2, kernel: 1); in >> c >> c }",
		"shared weights that a let within has":              "net = { share let c = { let u = conv(1 | 3 | 8) | relu; in >> u >> u }; in >> c >> c }",
		"shared weights that a let outside has":             "let u = conv(3 | 8) | relu\nnet = { share let c = u >> tanh; in >> c >> c } >> u",
		"shared weights that a rule has":                    "rule r = conv(3 | 8) | relu >> conv(3 | 8)\nshare let c = r\nnet = c >> c",
		"shared weights that a recursive rule has":          "rule t = relu | conv(3 | 8) >> t if nesting < 3\nshare let c = t\nnet = c >> c",
		"shared weights, repeated":                          "net = { share let c = conv(3 | 8){1..2}; in >> c{1..3} }",
		"shared weights within a sum":                       "net = { share let c = conv(1, kernel: 1) + conv(1 | 3, kernel: 1); in >> c >> c }",
		"shared weights with bounds on their costs":         "net = { share let c = conv(3 | 8, kernel: 1 | 3) | relu; in >> c >> tanh >> c }\nrequire params <= 90",
		"shared weights of what is pooled are as large":     "net = { share let c = conv(3 | 8); in >> c >> max_pool(2) >> c }",
		"a let that doesn't share may have other sizes":     "net = { let c = conv(3 | 8); in >> c >> c }",
		"shared weights after an op that ends their sizes":  "net = { share let c = { conv(3 | 8) >> conv(3) }; in >> conv(3 | 8) >> c >> c }",
		"shared weights of a wire that nothing reads":       "net = { share let c = { a = in >> (conv(3) | relu); in ++ in }; in >> c >> c }",
		"a wire that nothing reads has to fit each use":     "net = { let c = { a = in >> (max_pool(4) | relu); in >> max_pool(2) }; in >> c >> c >> c }",
		"shared weights within shared weights":              "share let u = conv(3 | 8)\nshare let c = u >> relu | conv(3) >> u\nnet = c >> c >> u",
	} {
		t.Run(name, func(t *testing.T) {
			if _, ok := checkOracle(t, image+text+"\n"); !ok {
				t.Fatal("too many derivations to try")
			}
		})
	}
}
