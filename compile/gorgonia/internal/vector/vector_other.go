//go:build !amd64

package vector

// fast is a variable, as where there is assembly.
var fast = false

func add(int, *float32, *float32, *float32)                     { panic("no assembly") }
func relu(int, *float32, *float32)                              { panic("no assembly") }
func where(int, *float32, *float32, *float32)                   { panic("no assembly") }
func affine(int, *float32, *float32, float32, float32, float32) { panic("no assembly") }
func blend(int, *float32, *float32, *float32, float32, float32, float32, float32) {
	panic("no assembly")
}
func total(int, *float32) float64                                           { panic("no assembly") }
func squares(int, *float32, float64) float64                                { panic("no assembly") }
func dot(int, *float32, *float32, float64) float64                          { panic("no assembly") }
func exp(int, *float32, *float32, float32, *float32)                        { panic("no assembly") }
func logistic(int, *float32, *float32, *float32)                            { panic("no assembly") }
func tangent(int, *float32, *float32, *float32)                             { panic("no assembly") }
func gelu(int, *float32, *float32, *float32, *float32)                      { panic("no assembly") }
func adam(int, *float32, *float32, *float32, *float32, *float32)            { panic("no assembly") }
func columns(int, int, *float32, *float32)                                  { panic("no assembly") }
func times(int, *float32, *float32, *float32)                               { panic("no assembly") }
func most(int, *float32) float32                                            { panic("no assembly") }
func normal(int, *float32, *float32, *float32, *float32, float32, float32)  { panic("no assembly") }
func weighed(int, *float32, *float32, *float32, float32) (sum, dot float64) { panic("no assembly") }
func normalBack(int, *float32, *float32, *float32, *float32, float32, float32, float32, float32) {
	panic("no assembly")
}
func normalColumns(int, int, *float32, *float32, *float32, *float32, *float32, *float32) {
	panic("no assembly")
}
func rows(int, int, *float32, *float32, int, int, float32)             { panic("no assembly") }
func turn(int, *float32, *float32, int, int, float32)                  { panic("no assembly") }
func sgd(int, *float32, *float32, *float32, float32, float32, float32) { panic("no assembly") }
