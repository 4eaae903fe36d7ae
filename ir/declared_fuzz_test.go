package ir_test

import "testing"

// FuzzDeclared: whatever a file declares, loading it ends, and what it draws builds.
func FuzzDeclared(f *testing.F) {
	f.Add("type q(n)\nop f(a: int, b: int = a) : q(n) -> q(n + a)\n  requires a != b, a < n\n  params a * n\n  macs in.n\ninput x: q(3)\nnet = f(0..3, 1){1..3}")
	f.Add("op f(k: real, m: symbol = fast) : ([c, h], [h, d: 2 * c]) -> [c, d]\n  requires k > 0, m is fast implies c == 1\ninput x: [2, 3]\ninput y: [3, 4]\nnet = f(0.0..1.0, fast | slow)")
	f.Add("type a\nop f(s: text = \"x\") : a -> (a, a)\nop g() : (a, a) -> a\ninput x: a\noutput y: a\nlet h = f >> g | g\nnet = h{2} | f >> (f >> g, g)")
	f.Add("type a(i, j)\nop f() : a(n, n) -> a(n / 2, n % 2)\ninput x: a(8, 8)\nnet = f >> f\ncost c { f: i + j * 0.5 }\nrequire c <= 9")
	f.Fuzz(func(t *testing.T, text string) {
		sp, _ := files{"main.space": text}.load()
		if sp == nil {
			return
		}
		w := sp.Walk()
		w.Draw(1, 1)
		p, err := w.Point()
		if err != nil {
			t.Fatal(err)
		}
		text, err = p.Text()
		if err != nil {
			t.Fatal(err)
		}
		if sp, said := (files{"main.space": text}).load(); sp == nil {
			t.Fatalf("%v\n%s", said, text)
		}
	})
}
