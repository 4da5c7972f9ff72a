// Package lru stands in for github.com/hashicorp/golang-lru/v2, whose licence (MPL-2.0) is not permissive.
//
// The reader of 7z archives keeps the keys that it derived from passwords in a cache of that module, and uses no more of it
// than is here. go.mod replaces the one by the other.
package lru

import "sync"

// Cache keeps the values that were added last.
type Cache[K comparable, V any] struct {
	mu     sync.Mutex
	size   int
	values map[K]V
	order  []K
}

// New returns a cache of at most size values.
func New[K comparable, V any](size int) (*Cache[K, V], error) {
	return &Cache[K, V]{size: max(size, 1), values: map[K]V{}}, nil
}

// Get returns the value of a key, if the cache has it.
func (c *Cache[K, V]) Get(key K) (V, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	v, ok := c.values[key]
	return v, ok
}

// Add keeps a value and reports whether another had to go.
func (c *Cache[K, V]) Add(key K, value V) (evicted bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, known := c.values[key]; !known {
		if c.order = append(c.order, key); len(c.order) > c.size {
			delete(c.values, c.order[0])
			c.order, evicted = c.order[1:], true
		}
	}
	c.values[key] = value
	return evicted
}
