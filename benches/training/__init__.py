"""What a wheel's compiler learns from: an instrumented build serves every kind of work for a while (`make wheel`)."""
