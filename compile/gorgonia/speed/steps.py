"""Training steps of the models in PyTorch: reads a JSON object a line, answers with one."""
import json
import struct
import sys
import time

import numpy
import torch
from torch import nn


def tensors(file):
    """The tensors of a safetensors file by name."""
    data = open(file, "rb").read()
    start = 8 + struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:start])
    return {
        name: torch.from_numpy(numpy.frombuffer(data[start + e["data_offsets"][0]:start + e["data_offsets"][1]], "<f4").reshape(e["shape"]).copy())
        for name, e in header.items() if name != "__metadata__"
    }


def conv(c, filters, kernel=3, stride=1, bias=False):
    return nn.Conv2d(c, filters, kernel, stride, kernel // 2, bias=bias)


class Block(nn.Module):
    def __init__(self, c, filters, stride):
        super().__init__()
        self.body = nn.Sequential(conv(c, filters, 3, stride), nn.BatchNorm2d(filters), nn.ReLU(), conv(filters, filters), nn.BatchNorm2d(filters))
        self.way = nn.Identity() if stride == 1 else nn.Sequential(conv(c, filters, 1, stride), nn.BatchNorm2d(filters))

    def forward(self, x):
        return torch.relu(self.body(x) + self.way(x))


class Mean(nn.Module):
    def forward(self, x):
        return x.mean(1)


class First(nn.Module):
    """What a recurrent layer gives beside its last state."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x):
        return self.layer(x)[0]


def recurrent():
    layer = nn.LSTM(128, 128, batch_first=True)
    # One bias, as in the paper: two would take two steps at once.
    layer.bias_hh_l0.data.zero_()
    layer.bias_hh_l0.requires_grad_(False)
    return nn.Sequential(First(layer), Mean(), nn.Linear(128, 10))


MODELS = {
    "mlp": lambda: nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10)),
    "cnn": lambda: nn.Sequential(conv(3, 16, bias=True), nn.ReLU(), nn.MaxPool2d(2), conv(16, 32, bias=True), nn.ReLU(), nn.MaxPool2d(2),
                                 nn.Flatten(), nn.Linear(2048, 10)),
    "resnet": lambda: nn.Sequential(conv(3, 16), nn.BatchNorm2d(16), nn.ReLU(), Block(16, 16, 1), Block(16, 16, 1), Block(16, 32, 2),
                                    Block(32, 32, 1), Block(32, 64, 2), Block(64, 64, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10)),
    "transformer": lambda: nn.Sequential(nn.TransformerEncoderLayer(128, 4, 512, 0.0, "gelu", batch_first=True), Mean(), nn.Linear(128, 10)),
    "recurrent": recurrent,
}


def fill(net, weights, order):
    """Gives the net's parameters the weights, which come in the order of its layers; attention's first three maps are one here."""
    rest = [weights[name] for name in order]
    for name, p in net.named_parameters():
        if name.endswith("in_proj_weight"):
            q, qb, k, kb, v, vb = rest[:6]
            bias, rest = torch.cat([qb, kb, vb]), rest[6:]
            w = torch.cat([q, k, v])
        elif name.endswith("in_proj_bias"):
            w = bias
        elif not p.requires_grad:
            continue
        else:
            w = rest.pop(0)
        assert w.shape == p.shape, (name, w.shape, p.shape)
        with torch.no_grad():
            p.copy_(w)
    assert not rest


class Training:
    def __init__(self, ask):
        weights = tensors(ask["file"])
        self.x, self.y = weights["input"], weights["labels"].long()
        self.net = MODELS[ask["model"]]()
        fill(self.net, weights, ORDER.get(ask["model"], lambda o: o)(ask["order"]))
        self.adam = torch.optim.Adam([p for p in self.net.parameters() if p.requires_grad], lr=ask["rate"])
        self.loss = nn.CrossEntropyLoss()

    def step(self):
        self.adam.zero_grad()
        loss = self.loss(self.net(self.x), self.y)
        loss.backward()
        self.adam.step()
        return loss.item()


def norms_last(order):
    """PyTorch names the norms of an encoder after its maps."""
    norms = [n for n in order if "layer_norm" in n]
    rest = [n for n in order if n not in norms]
    return rest[:-2] + norms + rest[-2:]


ORDER = {"transformer": norms_last}

trainings = {}
for line in sys.stdin:
    ask = json.loads(line)
    if "threads" in ask:
        torch.set_num_threads(ask["threads"])
        blas = {l.split()[-1] for l in open("/proc/self/maps") if "blas" in l} if sys.platform == "linux" else set()
        answer = {"about": "PyTorch %s on %d of its threads, %s" % (torch.__version__, torch.get_num_threads(), ", ".join(sorted(blas)))}
    elif "file" in ask:
        trainings[ask["model"]] = Training(ask)
        answer = True
    else:
        losses, seconds = [], []
        for _ in range(ask["steps"]):
            start = time.perf_counter()
            losses.append(trainings[ask["model"]].step())
            seconds.append(time.perf_counter() - start)
        answer = {"losses": losses, "seconds": seconds}
    print(json.dumps(answer), flush=True)
