// recorder: what the programs of NSM 0.2 and the original vL3 say to each other, one JSON object a line.
// docs/interop.md says how it is used.
package main

import (
	"context"
	"log"
	"net"
	"os"
	"strings"
	"time"

	"github.com/cisco-app-networking/nsm-nse/api/ipam/ipprovider"
	"github.com/cisco-app-networking/nsm-nse/api/serviceregistry"
	"github.com/golang/protobuf/proto"
	"github.com/networkservicemesh/networkservicemesh/controlplane/api/nsmdapi"
	"go.ligato.io/vpp-agent/v3/proto/ligato/configurator"
	"google.golang.org/grpc"
)

func dial(target string) *grpc.ClientConn {
	network, addr := split(target)
	c, err := grpc.Dial(addr, grpc.WithInsecure(), grpc.WithBackoffMaxDelay(200*time.Millisecond), grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, addr)
	}))
	if err != nil {
		log.Fatal(err)
	}
	return c
}

func split(a string) (string, string) {
	i := strings.Index(a, ":")
	return a[:i], a[i+1:]
}

func listen(a string) net.Listener {
	network, addr := split(a)
	if network == "unix" {
		os.Remove(addr)
	}
	l, err := net.Listen(network, addr)
	if err != nil {
		log.Fatal(err)
	}
	return l
}

func main() {
	cmd, args := os.Args[1], os.Args[2:]
	if f := os.Getenv("LAB_OUT"); f != "" {
		o, err := os.OpenFile(f, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0644)
		if err != nil {
			log.Fatal(err)
		}
		out = o
	}
	switch cmd {
	case "proxy":
		proxy(args[0], args[1], args[2])
	case "registry":
		registryMain(args)
	case "agent":
		s := grpc.NewServer()
		configurator.RegisterConfiguratorServiceServer(s, &agent{name: args[0]})
		log.Fatal(s.Serve(listen(args[1])))
	case "svreg":
		s := grpc.NewServer()
		serviceregistry.RegisterRegistryServer(s, &svreg{name: args[0]})
		if len(args) > 2 {
			ipprovider.RegisterAllocatorServer(s, &ipam{name: args[0], subnet: args[2]})
		}
		log.Fatal(s.Serve(listen(args[1])))
	case "handshake":
		r, err := nsmdapi.NewNSMDClient(dial(args[0])).RequestClientConnection(context.Background(), &nsmdapi.ClientConnectionRequest{Workspace: args[1]})
		if err != nil {
			log.Fatal(err)
		}
		b, _ := proto.Marshal(r)
		record("handshake", "/nsmdapi.NSMD/RequestClientConnection", "answer", b, nil, nil)
	case "client":
		clientMain(args)
	}
}
