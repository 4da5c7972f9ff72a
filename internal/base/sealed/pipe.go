package sealed

import (
	"io"
	"sync/atomic"
)

// Content goes through in blocks, so that making rows, hashing them and encrypting them share the machine's cores. Smaller
// blocks cost more in handing over than they save in the cache.
const (
	blockBytes = 1 << 20
	blocks     = 4 // under way at a time
)

// pipe hands blocks to several writers, to each in order, while the next block is being filled. Nothing waits for
// a block but another one: a pipe that is given up ends by itself.
type pipe struct {
	stages []*stage
	free   chan []byte
}

// stage is one writer of a pipe.
type stage struct {
	dst  io.Writer
	last chan struct{} // closed when everything sent so far was written
	err  error         // read after last was closed
	down atomic.Bool   // err is set
}

func newPipe(writers ...io.Writer) *pipe {
	p := &pipe{free: make(chan []byte, blocks)}
	for range blocks {
		p.free <- make([]byte, 0, blockBytes)
	}
	for _, w := range writers {
		idle := make(chan struct{})
		close(idle)
		p.stages = append(p.stages, &stage{dst: w, last: idle})
	}
	return p
}

// send gives a filled block away and returns an empty one.
func (p *pipe) send(block []byte) []byte {
	var left atomic.Int32
	left.Store(int32(len(p.stages)))
	for _, s := range p.stages {
		before, done := s.last, make(chan struct{})
		s.last = done
		go func() {
			<-before
			if s.err == nil {
				if _, s.err = s.dst.Write(block); s.err != nil {
					s.down.Store(true)
				}
			}
			close(done)
			if left.Add(-1) == 0 {
				p.free <- block[:0]
			}
		}()
	}
	return <-p.free
}

// failed reports whether it is no use to send more.
func (p *pipe) failed() bool {
	for _, s := range p.stages {
		if s.down.Load() {
			return true
		}
	}
	return false
}

// wait returns when everything sent was written, with the first error.
func (p *pipe) wait() (err error) {
	for _, s := range p.stages {
		<-s.last
		if err == nil {
			err = s.err
		}
	}
	return err
}
