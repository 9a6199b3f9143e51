
three