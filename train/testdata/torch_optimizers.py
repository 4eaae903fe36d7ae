"""Writes torch_optimizers.json: what PyTorch's optimisers and schedulers make of a weight of three numbers.

For development; the tests compare with the file. Run it here with a Python that has PyTorch:
python3 torch_optimizers.py > torch_optimizers.json
"""
import json
import math
import sys

import torch
from torch.optim import SGD, Adam, AdamW
from torch.optim.lr_scheduler import CosineAnnealingLR, LambdaLR, LinearLR, SequentialLR, StepLR

torch.set_default_dtype(torch.float64)
EPOCHS, PER_EPOCH, LR = 4, 5, 0.05
STEPS = EPOCHS * PER_EPOCH
constant = lambda o: LambdaLR(o, lambda _: 1)
warm = lambda o, then: SequentialLR(o, [LinearLR(o, 1 / PER_EPOCH, 1, PER_EPOCH - 1), then], [PER_EPOCH])
call = lambda name, **args: {"name": name, "args": args}
cases = [
    ({"optimizer": call("sgd"), "schedule": "constant"}, lambda p: SGD(p, LR), constant, 1),
    ({"optimizer": call("sgd", momentum=0.9), "weight_decay": 0.1, "schedule": "constant"}, lambda p: SGD(p, LR, 0.9, weight_decay=0.1), constant, 1),
    ({"optimizer": call("adam"), "schedule": "constant"}, lambda p: Adam(p, LR), constant, 1),
    ({"optimizer": call("adam", beta1=0.8, beta2=0.95, weight_decay=0.1), "schedule": "constant"}, lambda p: Adam(p, LR, (0.8, 0.95), weight_decay=0.1), constant, 1),
    ({"optimizer": call("adamw"), "schedule": "constant"}, lambda p: AdamW(p, LR), constant, 1),
    ({"optimizer": call("adamw", weight_decay=0.2), "schedule": "cosine"}, lambda p: AdamW(p, LR, weight_decay=0.2), lambda o: CosineAnnealingLR(o, STEPS), 1),
    ({"optimizer": call("sgd", momentum=0.5), "schedule": call("step", every=2, factor=0.3)}, lambda p: SGD(p, LR, 0.5), lambda o: StepLR(o, 2, 0.3), PER_EPOCH),
    ({"optimizer": call("adam"), "schedule": "cosine", "warmup": 1}, lambda p: Adam(p, LR), lambda o: warm(o, CosineAnnealingLR(o, STEPS - PER_EPOCH)), 1),
    ({"optimizer": call("sgd"), "schedule": "constant", "warmup": 1}, lambda p: SGD(p, LR), lambda o: warm(o, constant(o)), 1),
]
out = []
for fields, optimizer, scheduler, every in cases:
    w = torch.tensor([1.0, -2.0, 0.5], requires_grad=True)
    o = optimizer([w])
    s = scheduler(o)
    weights = []
    for t in range(STEPS):
        w.grad = (0.5 * w + torch.tensor([math.sin(0.7 * (t + 1) + i) for i in range(3)])).detach()
        o.step()
        if (t + 1) % every == 0:
            s.step()
        weights.append(w.tolist())
    out.append({"fields": fields, "weights": weights})
json.dump({"lr": LR, "epochs": EPOCHS, "per_epoch": PER_EPOCH, "cases": out}, sys.stdout)
print()
