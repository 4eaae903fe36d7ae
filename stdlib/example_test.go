package stdlib_test

import (
	"fmt"

	"github.com/spacec-lang/spacec/stdlib"
)

// The library is what "use std" brings into a file.
func ExampleLibrary() {
	conv := stdlib.Library().Lookup("conv")
	for _, p := range conv.Params[:3] {
		fmt.Println(p.Name, "-", p.Doc)
	}
	fmt.Println(conv.Example)
	// Output:
	// filters - how many channels leave
	// kernel - the height and width of a filter
	// stride - how far a filter moves
	// conv(16, 3, stride: 2) : [c: 3, h: 32, w: 32]
}
