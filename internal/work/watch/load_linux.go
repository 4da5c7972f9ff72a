package watch

import (
	"bufio"
	"bytes"
	"os"
	"runtime"
	"strconv"
	"strings"
)

// load is the share of the last ten seconds in which somebody had to wait for a processor or a disk, in percent
// (Linux Documentation/accounting/psi.rst). Kernels that do not tell have the load average, in percent of the processors.
func load() (float64, bool) {
	worst, known := 0.0, false
	for _, what := range []string{"cpu", "io"} {
		if text, err := os.ReadFile("/proc/pressure/" + what); err == nil {
			if v, ok := pressure(text); ok {
				worst, known = max(worst, v), true
			}
		}
	}
	if known {
		return worst, true
	}
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return 0, false
	}
	first, _, _ := strings.Cut(string(text), " ")
	v, err := strconv.ParseFloat(first, 64)
	return 100 * v / float64(runtime.NumCPU()), err == nil
}

// pressure reads "some avg10=1.53 avg60=…".
func pressure(text []byte) (float64, bool) {
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		if rest, ok := strings.CutPrefix(lines.Text(), "some avg10="); ok {
			first, _, _ := strings.Cut(rest, " ")
			v, err := strconv.ParseFloat(first, 64)
			return v, err == nil
		}
	}
	return 0, false
}
