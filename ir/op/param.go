package op

import "errors"

// CheckParam checks one value against parameter i of an op.
func CheckParam(s *Spec, i int, v any) error {
	if _, why := s.Params[i].check(s, v); why != "" {
		return errors.New(why)
	}
	return nil
}
