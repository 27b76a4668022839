#!/usr/bin/env python3
"""Makes orders.jsonl anew: 1,000 lines, some of them updates and cancellations, five of them malformed."""

import json
import pathlib
import random

random.seed(20261123)
FIRST = "Ada Ben Cleo Dan Eva Finn Gus Hana Ivo June Kim Lars Mia Noor Otto Pia Quin Rosa Sam Tess".split()
LAST = "Adler Brandt Castro Duval Engel Fischer Garcia Haas Ito Jansen Keller Lopez Moreau Novak Olsen Perez".split()
PRICES = {"SKU-MUG": 9.5, "SKU-TEE": 19.0, "SKU-CAP": 14.0, "SKU-BAG": 24.9, "SKU-PEN": 2.2, "SKU-PAD": 4.75,
          "SKU-LAMP": 39.0, "SKU-KEY": 6.4, "SKU-SOCK": 7.8, "SKU-POSTER": 12.0}
STATUSES = ["paid", "packed", "shipped", "delivered"]

lines, taken, cancelled, time = [], [], set(), 1_795_000_000
while len(lines) < 995:
    time += random.randint(5, 400)
    kind = random.choices(["order", "update", "cancel"], [80, 15, 5])[0] if len(taken) > 10 else "order"
    if kind == "order":
        name = f"{random.choice(FIRST)} {random.choice(LAST)}"
        skus = random.sample(list(PRICES), random.choice([1, 1, 1, 2, 2, 3]))
        order_id = f"ord-{len(taken) + 1:04}"
        taken.append(order_id)
        lines.append(json.dumps({
            "type": "order", "id": order_id, "at": time, "customer": name,
            "email": name.lower().replace(" ", ".") + "@example.org",
            "items": [{"sku": sku, "quantity": random.choice([1, 1, 1, 2, 3]), "price": PRICES[sku]} for sku in skus],
        }))
        continue
    order_id = random.choice(taken[-60:])
    if order_id in cancelled:
        continue
    if kind == "update":
        lines.append(json.dumps({"type": "update", "id": order_id, "at": time, "status": random.choice(STATUSES)}))
    else:
        cancelled.add(order_id)
        lines.append(json.dumps({"type": "cancel", "id": order_id, "at": time, "reason": "changed my mind"}))

for place, line in [
    (120, '{"type": "order", "id": "ord-9001", "at": 1795000000, "customer": "Ada Ad'),
    (341, '{"type": "order", "id": "ord-9002", "at": 1795000000, "customer": "Ben Ito", "items": []}'),
    (502, '{"type": "order", "id": "ord-9003", "at": 1795000000, "customer": "Cleo Haas", "email": "cleo.haas@example.org", '
          '"items": [{"sku": "SKU-MUG", "quantity": "two", "price": 9.5}]}'),
    (777, '{"type": "refund", "id": "ord-0003", "at": 1795000000}'),
    (930, '{"type": "order", "id": "ord-9004", "at": 1795000000, "customer": "Eva Olsen", "email": "eva.olsen@example.org", "items": []}'),
]:
    lines.insert(place, line)
pathlib.Path(__file__).with_name("orders.jsonl").write_text("\n".join(lines) + "\n")
