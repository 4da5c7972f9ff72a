package watch

import (
	"context"
	"time"
)

// pace keeps the reading from being in others' way. It is called after each piece that is read.
type pace struct {
	ctx   context.Context
	now   func() time.Time
	most  int64                  // bytes a second; 0 for no limit
	above float64                // load in percent; 0 for no limit
	load  func() (float64, bool) // how much others have to wait now
	beat  func()                 // told each second
	rest  func(resting bool)     // told before and after a rest
	sleep func(d time.Duration)  // until d is over or ctx ends
	free  time.Time              // when the next piece may be read
	look  time.Time              // when to look at the load next
}

// It looks around each restStep. While others are busy it rests, for restMost at a time: the pressure of the last ten seconds has part of its own reading in
// it, and on a machine that is always busy the work has to be done as well.
const (
	restStep  = time.Second
	restMost  = time.Minute
	workLeast = 5 * time.Second
)

// piece is called after n bytes, and waits as long as it has to. It returns an error when ctx has ended.
func (p *pace) piece(n int) error {
	now := p.now()
	if p.most > 0 {
		if ahead := p.free.Sub(now); ahead < 0 || ahead > restMost { // it was idle, or the clock was set back
			p.free = now
		}
		p.free = p.free.Add(time.Duration(float64(n) / float64(p.most) * float64(time.Second)))
		if ahead := p.free.Sub(now); ahead > 10*time.Millisecond {
			p.sleep(ahead)
		}
	}
	if until := p.look.Sub(now); until <= 0 || until > restMost {
		p.beat()
		p.look = p.now().Add(p.whileBusy())
	}
	return p.ctx.Err()
}

// whileBusy rests while others are busy, and returns how long to work then.
func (p *pace) whileBusy() time.Duration {
	if p.above <= 0 {
		return restStep
	}
	busy := func() bool {
		percent, ok := p.load()
		return ok && percent > p.above && p.ctx.Err() == nil
	}
	if !busy() {
		return restStep
	}
	p.rest(true)
	for rested := time.Duration(0); rested < restMost && busy(); rested += restStep {
		p.sleep(restStep)
		p.beat()
	}
	p.rest(false)
	return workLeast
}
