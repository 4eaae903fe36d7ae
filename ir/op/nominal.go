package op

import "fmt"

// nominal is the size of the first axis of a type that is no tensor. That axis has the name of the type, and
// those after it are the type's arguments: qubits(n) of 4 is {qubits, nominal}, {n, 4}. No axis of a tensor has
// such a size, so types are compared, written and remembered as shapes.
const nominal = -1

// Nominal is a type that is no tensor, as a file declares it: "type image", "type qubits(n)". Its arguments are
// whole numbers of 0 or more.
func Nominal(name string, args ...Axis) Shape {
	return append(Shape{{name, nominal}}, args...)
}

// Nominal is the name and the arguments of a type that is no tensor; ok is false for a tensor's.
func (s Shape) Nominal() (name string, args []Axis, ok bool) {
	if len(s) == 0 || s[0].Size != nominal {
		return "", nil, false
	}
	return s[0].Name, s[1:], true
}

// nominalString is the type as an expression, "image" or "qubits(4)".
func nominalString(name string, args []Axis) string {
	for i, a := range args {
		before := ", "
		if i == 0 {
			before = "("
		}
		name += before + fmt.Sprint(a.Size)
	}
	if len(args) > 0 {
		name += ")"
	}
	return name
}
