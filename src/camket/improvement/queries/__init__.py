"""Every read of the improvement cycle, by subject as the operations; frozen values, scoped to what the actor may see."""
