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
func total(int, *float32) float64                    { panic("no assembly") }
func squares(int, *float32, float64) float64         { panic("no assembly") }
func dot(int, *float32, *float32, float64) float64   { panic("no assembly") }
func exp(int, *float32, *float32, float32, *float32) { panic("no assembly") }
