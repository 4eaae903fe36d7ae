package train

import (
	"fmt"
	"reflect"
)

// Progress is how far a training has come: with the weights and what the optimiser keeps, all that it takes to go on
// as if it had never stopped.
type Progress struct {
	Settings Settings `json:"settings"`
	Last     Epoch    `json:"last"`  // that is complete
	Steps    int      `json:"steps"` // up to its end
}

func (t *Training) progress() *Progress {
	return &Progress{t.loop.settings, t.loop.last, t.loop.result.Steps}
}

// Resume lets a training that has just begun go on after the epochs of the weights, of which there are at most as many
// as it has: to the same numbers, if the settings are the same, as a training that wasn't interrupted. It gives how many
// there are. A training by other settings or on other data is an error.
func (w *Weights) Resume(t *Training) (epochs int, err error) {
	p, l := w.Progress, t.loop
	if p == nil {
		return 0, fmt.Errorf("%s holds weights alone; --load starts a training from them", w.path)
	}
	switch other := different(p.Settings, l.settings); {
	case other != "":
		return 0, fmt.Errorf("%s is of a training by other settings, %s; --load starts anew from its weights", w.path, other)
	case w.Data != l.data.Train.Name || p.Steps != p.Last.Epoch*(l.data.Train.Len()/l.settings.Batch):
		return 0, fmt.Errorf("%s is of a training on other data, %s; --load starts anew from its weights", w.path, w.Data)
	case p.Last.Epoch > l.settings.Epochs:
		return 0, fmt.Errorf("%s is of a training that has come to epoch %d; it can't go on to epoch %d", w.path, p.Last.Epoch, l.settings.Epochs)
	}
	if err := w.into(t.Model, l.optimizer.State(t.Model.Params())); err != nil {
		return 0, err
	}
	l.completed(p.Last)
	l.result.Steps = p.Steps
	t.Model.SetStep(uint64(p.Steps))
	return p.Last.Epoch, nil
}

// different names the first setting in which two trainings differ; how long they are is none.
func different(there, here Settings) string {
	a, b := reflect.ValueOf(there), reflect.ValueOf(here)
	for i := range a.NumField() {
		name := a.Type().Field(i).Tag.Get("json")
		if x, y := a.Field(i).Interface(), b.Field(i).Interface(); x != y && name != "epochs" {
			return fmt.Sprintf("%s %v instead of %v", name, x, y)
		}
	}
	return ""
}
