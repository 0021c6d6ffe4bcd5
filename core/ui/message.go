package ui

// firstPrimary gives the look of the buttons of a row: the first calls.
func firstPrimary(i int) Look {
	if i == 0 {
		return Primary
	}
	return Quiet
}
