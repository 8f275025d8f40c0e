package main

import (
	"context"
	"fmt"
	"math/rand"
	"net/url"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/networkservicemesh/api/pkg/api/networkservice"
	"github.com/networkservicemesh/api/pkg/api/networkservice/mechanisms/cls"
	"github.com/networkservicemesh/api/pkg/api/networkservice/mechanisms/common"
	"github.com/networkservicemesh/api/pkg/api/networkservice/mechanisms/kernel"
	"github.com/networkservicemesh/api/pkg/api/networkservice/payload"
	"github.com/networkservicemesh/sdk/pkg/tools/grpcutils"
)

// hops are what stands between a workload and its endpoint: the last one calls.
var hops = []string{"nsc", "nsmgr-1", "forwarder", "nsmgr-2"}

// load asks an endpoint as a manager does, many callers side by side, and measures what that costs the server.
type load struct {
	connection *grpc.ClientConn
	client     networkservice.NetworkServiceClient
	service    *string
	callers    *int
	pid        *int
	live       []*networkservice.Connection
	next       atomic.Int64
	tokens     func() (string, time.Time)
}

// phase is one line of the result: what was done how often, what it took the callers and the server.
type phase struct {
	Operations int
	Seconds    float64
	P99Ms      float64
	CPUMicros  float64
	RSSMiB     float64
}

// open connects, by the caller's own means of security.
func (l *load) open(ctx context.Context, connect *url.URL, security *security) error {
	if err := security.open(ctx); err != nil {
		return err
	}
	sign := security.tokens()
	l.tokens = func() (string, time.Time) {
		token, expires, _ := sign(nil)
		return token, expires
	}
	cc, err := grpc.NewClient(grpcutils.URLToTarget(connect), security.dialOptions()...)
	if err != nil {
		return err
	}
	l.connection = cc
	l.client = networkservice.NewNetworkServiceClient(cc)
	return nil
}

func (l *load) hangUp() {
	_ = l.connection.Close()
}

func (l *load) run(ctx context.Context, text string) (*phase, error) {
	what, number, _ := strings.Cut(text, " ")
	count, _ := strconv.Atoi(number)
	switch what {
	case "churn":
		return l.measured(what, count, func(int) error { return l.requestAndClose(ctx) })
	case "fill":
		l.live = make([]*networkservice.Connection, count)
		return l.measured(what, count, func(i int) (err error) {
			l.live[i], err = l.client.Request(ctx, l.request())
			return err
		})
	case "refresh":
		return l.measured(what, count, func(int) error { return l.refresh(ctx) })
	}
	return nil, fmt.Errorf("run: %q (expected: churn, fill or refresh, with a number)", text)
}

func (l *load) requestAndClose(ctx context.Context) error {
	conn, err := l.client.Request(ctx, l.request())
	if err != nil {
		return err
	}
	return l.close(ctx, conn)
}

func (l *load) close(ctx context.Context, conn *networkservice.Connection) error {
	_, err := l.client.Close(ctx, asSent(conn))
	return err
}

func (l *load) refresh(ctx context.Context) error {
	conn := l.live[rand.Intn(len(l.live))]
	_, err := l.client.Request(ctx, &networkservice.NetworkServiceRequest{
		Connection:           asSent(conn),
		MechanismPreferences: preferences(),
	})
	return err
}

// request is one for a new connection, as it has come through the managers and a forwarder.
func (l *load) request() *networkservice.NetworkServiceRequest {
	number := l.next.Add(1)
	conn := &networkservice.Connection{
		NetworkService: *l.service,
		Payload:        payload.IP,
		Labels:         map[string]string{"podName": fmt.Sprintf("workload-%d", number), "nodeName": "node-1"},
		Context:        &networkservice.ConnectionContext{IpContext: &networkservice.IPContext{}},
		Path:           &networkservice.Path{},
	}
	for i, hop := range hops {
		token, expires := l.tokens()
		conn.Path.PathSegments = append(conn.Path.PathSegments, &networkservice.PathSegment{
			Name:    fmt.Sprintf("%s-%d", hop, number),
			Id:      fmt.Sprintf("%08x-%04d-4000-8000-%012d", os.Getpid(), i, number),
			Token:   token,
			Expires: timestamppb.New(expires),
		})
	}
	last := len(hops) - 1
	conn.Path.Index = uint32(last)
	conn.Id = conn.Path.PathSegments[last].Id
	return &networkservice.NetworkServiceRequest{Connection: conn, MechanismPreferences: preferences()}
}

// asSent is a connection as its caller sends it back.
func asSent(conn *networkservice.Connection) *networkservice.Connection {
	sent := proto.Clone(conn).(*networkservice.Connection)
	sent.Path.Index = uint32(len(hops) - 1)
	sent.Id = sent.Path.PathSegments[sent.Path.Index].Id
	// It names a file that we have not taken, and do not send.
	delete(sent.GetMechanism().GetParameters(), common.InodeURL)
	return sent
}

func preferences() []*networkservice.Mechanism {
	return []*networkservice.Mechanism{{
		Cls:        cls.LOCAL,
		Type:       kernel.MECHANISM,
		Parameters: map[string]string{common.InterfaceNameKey: "nsm-1"},
	}}
}

// measured does something so many times, the callers side by side.
func (l *load) measured(what string, count int, do func(int) error) (*phase, error) {
	took := make([]time.Duration, count)
	var next, failed atomic.Int64
	var firstError atomic.Value
	before, err := cpu(*l.pid)
	if err != nil {
		return nil, err
	}
	started := time.Now()
	var wait sync.WaitGroup
	for caller := 0; caller < *l.callers && count > 0; caller++ {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for i := int(next.Add(1)) - 1; i < count; i = int(next.Add(1)) - 1 {
				begin := time.Now()
				if err := do(i); err != nil {
					failed.Add(1)
					firstError.CompareAndSwap(nil, err.Error())
				}
				took[i] = time.Since(begin)
			}
		}()
	}
	wait.Wait()
	seconds := time.Since(started).Seconds()
	after, err := cpu(*l.pid)
	if err != nil {
		return nil, err
	}
	if failed.Load() > 0 {
		return nil, fmt.Errorf("%s: %d of %d failed, first: %v", what, failed.Load(), count, firstError.Load())
	}
	sort.Slice(took, func(a, b int) bool { return took[a] < took[b] })
	return &phase{
		Operations: count,
		Seconds:    seconds,
		P99Ms:      at(took, 0.99),
		CPUMicros:  (after - before).Seconds() * 1e6 / float64(max(1, count)),
		RSSMiB:     rss(*l.pid),
	}, nil
}

func at(sorted []time.Duration, part float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return float64(sorted[int(part*float64(len(sorted)-1))].Microseconds()) / 1000
}

// cpu is the processor time that a process has used: of its threads, those that have ended included.
func cpu(pid int) (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+2:]))
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * 10 * time.Millisecond, nil
}

func rss(pid int) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for _, line := range strings.Split(string(status), "\n") {
		if strings.HasPrefix(line, "VmRSS:") {
			kib, _ := strconv.ParseFloat(strings.Fields(line)[1], 64)
			return kib / 1024
		}
	}
	return 0
}
