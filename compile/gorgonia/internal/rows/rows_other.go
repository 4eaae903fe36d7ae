//go:build !amd64

package rows

// fast is a variable, as where there is assembly.
var fast = false

func copies(int, int, *float32, int, *float32, int, bool)                      { panic("no assembly") }
func evens(int, *float32, *float32)                                            { panic("no assembly") }
func most(int, *float32, *float32, *float32)                                   { panic("no assembly") }
func mostBack(int, *float32, *float32, *float32, *float32, *float32, *float32) { panic("no assembly") }
