package watch

// silent is false: Windows tells of changes also over the network, and refuses where it cannot.
func silent(string) bool { return false }
