package main

import (
	"context"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"

	"github.com/networkservicemesh/api/pkg/api/networkservice"
	"github.com/networkservicemesh/api/pkg/api/networkservice/mechanisms/kernel"
	"github.com/networkservicemesh/api/pkg/api/networkservice/mechanisms/vxlan"
	"github.com/networkservicemesh/sdk/pkg/networkservice/core/next"
	"github.com/networkservicemesh/sdk/pkg/networkservice/utils/metadata"
	"github.com/networkservicemesh/sdk/pkg/tools/postpone"
	"google.golang.org/grpc"
)

// joins is a server element that joins both sides of a connection in the kernel once the other side
// has answered: with a veth pair on one node, with a vxlan device between two. Needs root, iproute2
// and util-linux.
type joins struct {
	mu     sync.Mutex
	next   int
	joined map[string]*join
}

// join is what stands for a connection.
type join struct {
	near, far side
	link      string
}

// side is one end of a link: an interface in a network namespace, with addresses and routes. Without
// a namespace it is on another node.
type side struct {
	netns, name string
	addresses   []string
	routes      []route
}

type route struct{ to, via string }

func newJoins() *joins { return &joins{joined: map[string]*join{}} }

func (j *joins) Request(
	ctx context.Context, request *networkservice.NetworkServiceRequest,
) (*networkservice.Connection, error) {
	later := postpone.ContextWithValues(ctx)
	conn, err := next.Server(ctx).Request(ctx, request)
	if err != nil {
		return nil, err
	}
	if err := j.keep(ctx, conn); err != nil {
		closing, cancel := later()
		defer cancel()
		_, _ = next.Server(ctx).Close(closing, conn)
		return nil, err
	}
	return conn, nil
}

func (j *joins) Close(ctx context.Context, conn *networkservice.Connection) (*emptypb, error) {
	answer, err := next.Server(ctx).Close(ctx, conn)
	j.mu.Lock()
	defer j.mu.Unlock()
	if old := j.joined[conn.GetId()]; old != nil {
		delete(j.joined, conn.GetId())
		old.remove()
	}
	return answer, err
}

// keep makes the link, unless it stands as it shall be.
func (j *joins) keep(ctx context.Context, conn *networkservice.Connection) error {
	far, ok := metadata.Map(ctx, false).Load(farMechanism{})
	if !ok {
		return fmt.Errorf("the other side's mechanism: absent (expected: one)")
	}
	wanted, err := newJoin(conn, far.(*networkservice.Mechanism))
	if err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	old := j.joined[conn.GetId()]
	if old != nil && fmt.Sprint(*old) == fmt.Sprint(*wanted) && old.stands() {
		return nil
	}
	if old != nil {
		old.remove()
	}
	delete(j.joined, conn.GetId())
	j.next++
	if err := wanted.make(fmt.Sprintf("j%d-%d", os.Getpid(), j.next)); err != nil {
		wanted.remove()
		return err
	}
	j.joined[conn.GetId()] = wanted
	return nil
}

func newJoin(conn *networkservice.Connection, far *networkservice.Mechanism) (*join, error) {
	ip := conn.GetContext().GetIpContext()
	near := conn.GetMechanism()
	made := &join{
		near: newSide(near, ip.GetSrcIpAddrs(), ip.GetSrcRoutes(), ip.GetDstIpAddrs()),
		far:  newSide(far, ip.GetDstIpAddrs(), ip.GetDstRoutes(), ip.GetSrcIpAddrs()),
	}
	mtu := ""
	if m := conn.GetContext().GetMTU(); m != 0 {
		mtu = fmt.Sprintf(" mtu %d", m)
	}
	switch {
	case made.near.netns != "" && made.far.netns != "":
		made.link = mtu + " type veth"
	case vxlan.ToMechanism(near) != nil && made.far.netns != "":
		m := vxlan.ToMechanism(near)
		made.link = mtu + vxlanLink(m.VNI(), m.DstIP().String(), m.SrcIP().String(), m.SrcPort())
	case vxlan.ToMechanism(far) != nil && made.near.netns != "":
		m := vxlan.ToMechanism(far)
		made.link = mtu + vxlanLink(m.VNI(), m.SrcIP().String(), m.DstIP().String(), m.DstPort())
	default:
		return nil, fmt.Errorf("mechanisms: %s, %s (expected: KERNEL, and KERNEL or VXLAN)", near.GetType(), far.GetType())
	}
	return made, nil
}

func vxlanLink(vni uint32, local, remote string, port uint16) string {
	return fmt.Sprintf(" type vxlan id %d local %s remote %s dstport %d", vni, local, remote, port)
}

func newSide(m *networkservice.Mechanism, own []string, routes []*networkservice.Route, other []string) side {
	made := side{}
	mechanism := kernel.ToMechanism(m)
	if mechanism == nil {
		return made
	}
	if at, err := url.Parse(mechanism.GetNetNSURL()); err == nil {
		made.netns = strings.Replace(at.Path, "/self/", fmt.Sprintf("/%d/", os.Getpid()), 1)
	}
	made.name, made.addresses = mechanism.GetInterfaceName(), own
	for _, address := range other {
		made.routes = append(made.routes, route{to: host(address)})
	}
	for _, r := range routes {
		via := r.GetNextHop()
		if via == "" {
			via = firstOfFamily(r.GetPrefix(), other)
		}
		if via != "" && r.GetPrefix() != host(via) {
			made.routes = append(made.routes, route{to: host(via)}, route{masked(r.GetPrefix()), via})
		}
	}
	return made
}

// masked is a prefix without its host bits, which the kernel refuses.
func masked(prefix string) string {
	if parsed, err := netip.ParsePrefix(prefix); err == nil {
		return parsed.Masked().String()
	}
	return prefix
}

func firstOfFamily(prefix string, addresses []string) string {
	for _, address := range addresses {
		if strings.Contains(address, ":") == strings.Contains(prefix, ":") {
			return bare(address)
		}
	}
	return ""
}

func bare(address string) string { return strings.Split(address, "/")[0] }

// host is the prefix of one address.
func host(address string) string {
	address = bare(address)
	if strings.Contains(address, ":") {
		return address + "/128"
	}
	return address + "/32"
}

// make makes the link; what bears the names before, a forwarder that was killed has left.
func (j *join) make(name string) error {
	j.remove()
	if j.far.netns != "" && j.near.netns != "" {
		if err := ip("link add " + name + "n" + j.link + " peer name " + name + "f"); err != nil {
			return err
		}
		if err := j.near.take(name + "n"); err != nil {
			return err
		}
		return j.far.take(name + "f")
	}
	if err := ip("link add " + name + j.link); err != nil {
		return err
	}
	if j.near.netns != "" {
		return j.near.take(name)
	}
	return j.far.take(name)
}

// take moves a device into the namespace and gives it all that it shall have.
func (s *side) take(device string) error {
	if err := ip("link set " + device + " netns " + s.netns); err != nil {
		return err
	}
	if err := s.ip("link set " + device + " name " + s.name + " up"); err != nil {
		return err
	}
	for _, address := range s.addresses {
		extra := ""
		if strings.Contains(address, ":") {
			extra = " nodad"
		}
		if err := s.ip("address replace " + address + " dev " + s.name + extra); err != nil {
			return err
		}
	}
	for _, r := range s.routes {
		via := ""
		if r.via != "" {
			via = " via " + r.via
		}
		if err := s.ip("route replace " + r.to + via + " dev " + s.name); err != nil {
			return err
		}
	}
	return nil
}

func (j *join) stands() bool {
	return j.near.stands() && j.far.stands()
}

func (s *side) stands() bool {
	return s.netns == "" || s.ip("link show dev "+s.name) == nil
}

func (j *join) remove() {
	for _, s := range []side{j.near, j.far} {
		if s.netns != "" {
			_ = s.ip("link delete " + s.name) // absent is as good
		}
	}
}

// ip runs ip in the namespace.
func (s *side) ip(arguments string) error {
	return execute("nsenter", append([]string{"--net=" + s.netns, "ip"}, strings.Fields(arguments)...)...)
}

func ip(arguments string) error { return execute("ip", strings.Fields(arguments)...) }

func execute(program string, arguments ...string) error {
	said, err := exec.Command(program, arguments...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s %s: %w: %s", program, strings.Join(arguments, " "), err, strings.TrimSpace(string(said)))
	}
	return nil
}

// farMechanism is the key of the mechanism that the other side has answered.
type farMechanism struct{}

// remembersFar is a client element that keeps it for joins.
type remembersFar struct{}

func (remembersFar) Request(
	ctx context.Context, request *networkservice.NetworkServiceRequest, opts ...grpc.CallOption,
) (*networkservice.Connection, error) {
	conn, err := next.Client(ctx).Request(ctx, request, opts...)
	if err == nil {
		metadata.Map(ctx, false).Store(farMechanism{}, conn.GetMechanism().Clone())
	}
	return conn, err
}

func (remembersFar) Close(ctx context.Context, conn *networkservice.Connection, opts ...grpc.CallOption) (*emptypb, error) {
	return next.Client(ctx).Close(ctx, conn, opts...)
}
