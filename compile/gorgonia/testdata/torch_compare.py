"""Trains a network of the tests in PyTorch and prints what came out, as JSON.

Reads a case as JSON from standard input: the network in the tests' notation, its weights (a safetensors
file), the batch, the masks of dropout by name and step, the number of Adam's steps and its rate. Prints the
losses, the gradients of the first step, and the predictions before it and after the last, all in float64.
"""
import collections
import json
import math
import re
import struct
import sys

import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
case = json.load(sys.stdin)


def load(path):
    with open(path, "rb") as f:
        header = json.loads(f.read(struct.unpack("<Q", f.read(8))[0]))
        data = f.read()
    tensors = {}
    for name, e in header.items():
        start, end = e["data_offsets"]
        a = np.frombuffer(data[start:end], {"F32": "<f4", "F64": "<f8"}[e["dtype"]]).reshape(e["shape"])
        tensors[name] = torch.tensor(a.astype("f8"))
    return tensors


weights = load(case["weights"])
for name, w in weights.items():
    if not re.search(r"batch_norm\d+\.(mean|variance)$", name):
        w.requires_grad_()


def same(size, kernel, stride, dilation):
    out = -(-size // stride)
    missing = max(0, (out - 1) * stride + dilation * (kernel - 1) + 1 - size)
    return missing // 2, missing - missing // 2


def conv(x, p, pos, kw):
    kernel = kw.get("kernel", pos[1] if len(pos) > 1 else 3)
    stride, dilation, groups = kw.get("stride", 1), kw.get("dilation", 1), kw.get("groups", 1)
    top, bottom = same(x.shape[2], kernel, stride, dilation)
    left, right = same(x.shape[3], kernel, stride, dilation)
    if "padding" in kw:
        top = bottom = left = right = kw["padding"]
    x = F.pad(x, (left, right, top, bottom))
    return F.conv2d(x, p("weight"), p("bias"), stride, 0, dilation, groups)


def conv1d(x, p, pos, kw):
    kernel, stride, dilation = pos[1], kw.get("stride", 1), kw.get("dilation", 1)
    x = F.pad(x.transpose(1, 2), same(x.shape[1], kernel, stride, dilation))
    return F.conv1d(x, p("weight").flatten(2), p("bias"), stride, 0, dilation, kw.get("groups", 1)).transpose(1, 2)


def attention(x, p, pos, kw):
    heads, (n, s, d) = pos[0] if pos else 1, x.shape
    split = lambda t: t.reshape(n, s, heads, d // heads).transpose(1, 2)
    q, k, v = (split(F.linear(x, p(w + "_weight"), p(w + "_bias"))) for w in ("query", "key", "value"))
    scores = q @ k.transpose(2, 3) / math.sqrt(d / heads)
    if kw.get("causal"):
        scores = scores.masked_fill(torch.ones(s, s).triu(1).bool(), -math.inf)
    y = (scores.softmax(3) @ v).transpose(1, 2).reshape(n, s, d)
    return F.linear(y, p("out_weight"), p("out_bias"))


def masked_attention(x, mask, p, heads):
    maps = ("query", "key", "value")
    weight, bias = (torch.cat([p(f"{m}_{w}") for m in maps]) for w in ("weight", "bias"))
    x = x.transpose(0, 1)
    y, _ = F.multi_head_attention_forward(x, x, x, x.shape[2], heads, weight, bias, None, None, False, 0.0, p("out_weight"),
                                          p("out_bias"), key_padding_mask=mask == 0, need_weights=False)
    return y.transpose(0, 1)


def recurrent(cell, x, wx, wh, bx, bh):
    zeros = torch.zeros(1, x.shape[0], wh.shape[1])
    state = (zeros, zeros) if cell is torch._VF.lstm else zeros
    bh = torch.zeros_like(bx) if bh is None else bh
    return cell(x, state, [wx, wh, bx, bh], True, 1, 0.0, False, False, True)[0]


def run(inputs, training, step):
    wires, index, out = dict(inputs), len(inputs), None
    count = collections.Counter()
    for line in case["net"].strip().split("\n"):
        line = line.strip()
        if " = " not in line:
            continue
        left, right = line.split(" = ", 1)
        m = re.match(r"(\w+)(?:\(([^)]*)\))?(.*)", right)
        name, args, xs = m[1], m[2] or "", [wires[w] for w in m[3].split()]
        pos, kw = [], {}
        for a in filter(None, args.split(", ")):
            key, _, value = a.rpartition(": ")
            value = {"true": True, "false": False}.get(value, None) if value in ("true", "false") else float(value) if "." in value else int(value)
            if key:
                kw[key] = value
            else:
                pos.append(value)
        count[name] += 1
        own = f"{name}{count[name]}"
        p = lambda w: weights.get(f"{own}.{w}")
        x = xs[0]
        along = kw.get("axis", x.dim() - 1)
        axis = lambda default: kw.get("axis", pos[-1] if pos else default)
        out = {
            "dense": lambda: F.linear(x.flatten(1), p("weight"), p("bias")),
            "linear": lambda: F.linear(x.transpose(-1, along), p("weight"), p("bias")).transpose(-1, along),
            "conv": lambda: conv(x, p, pos, kw),
            "conv1d": lambda: conv1d(x, p, pos, kw),
            "relu": lambda: F.relu(x),
            "gelu": lambda: F.gelu(x),
            "silu": lambda: F.silu(x),
            "tanh": lambda: torch.tanh(x),
            "sigmoid": lambda: torch.sigmoid(x),
            "leaky_relu": lambda: F.leaky_relu(x, 0.01),
            "softmax": lambda: x.softmax(axis(x.dim() - 1)),
            "max_pool": lambda: F.max_pool2d(x, pos[0], *pos[1:]),
            "avg_pool": lambda: F.avg_pool2d(x, pos[0], *pos[1:], count_include_pad=False),
            "global_avg_pool": lambda: x.mean((2, 3)),
            "mean": lambda: x.mean(pos[0]),
            "batch_norm": lambda: F.batch_norm(x, p("mean"), p("variance"), p("gamma"), p("beta"), training),
            "layer_norm": lambda: F.layer_norm(x, x.shape[-1:], p("gamma"), p("beta")),
            "group_norm": lambda: F.group_norm(x, pos[0], p("gamma"), p("beta")),
            "dropout": lambda: x * torch.tensor(case["masks"][own][step]).reshape(x.shape) if training else x,
            "reshape": lambda: x.reshape(x.shape[0], *pos),
            "flatten": lambda: x.flatten(1),
            "permute": lambda: x.permute(0, *pos),
            "split": lambda: x.chunk(pos[0], axis(1)),
            "concat": lambda: torch.cat(xs, axis(1)),
            "add": lambda: sum(xs[1:], xs[0]),
            "mul": lambda: math.prod(xs[1:], start=xs[0]),
            "matmul": lambda: x @ xs[1] / (math.sqrt(x.shape[-1]) if args == "true" else 1),
            "attention": lambda: attention(x, p, pos, kw),
            "masked_attention": lambda: masked_attention(x, xs[1], p, pos[0]),
            "pos_enc": lambda: x + p("theta"),
            "embed": lambda: F.embedding(x.long(), p("table")),
            "lstm": lambda: recurrent(torch._VF.lstm, x, p("input"), p("hidden"), p("bias"), None),
            "gru": lambda: recurrent(torch._VF.gru, x, p("input"), p("hidden"), p("input_bias"), p("hidden_bias")),
        }[name]()
        names = left.split(", ")
        wires.update(zip(names, out if len(names) > 1 else [out]))
    return out


inputs = {k: torch.tensor(v["data"]).reshape(v["shape"]) for k, v in case["inputs"].items()}
params = [w for w in weights.values() if w.requires_grad]
adam = torch.optim.Adam(params, lr=case["rate"])


def predict():
    with torch.no_grad():
        return run(inputs, False, 0).flatten().tolist()


def loss_of(out):
    if case["labels"]:
        return F.cross_entropy(out.flatten(0, -2), torch.tensor(case["labels"]), ignore_index=-1)
    return F.mse_loss(out.flatten(), torch.tensor(case["values"]))


before, losses, grads = predict(), [], None
for step in range(case["steps"]):
    adam.zero_grad()
    loss = loss_of(run(inputs, True, step))
    loss.backward()
    if grads is None:
        grads = {k: w.grad.flatten().tolist() for k, w in weights.items() if w.grad is not None}
    adam.step()
    losses.append(loss.item())
json.dump({"Before": before, "Losses": losses, "Grads": grads, "After": predict()}, sys.stdout)
