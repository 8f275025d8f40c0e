package main

import (
	"context"
	"flag"
	"log"
	"os"
	"strings"
	"time"

	"github.com/golang/protobuf/proto"
	"github.com/networkservicemesh/networkservicemesh/controlplane/api/connection"
	"github.com/networkservicemesh/networkservicemesh/controlplane/api/connectioncontext"
	"github.com/networkservicemesh/networkservicemesh/controlplane/api/networkservice"
	"github.com/networkservicemesh/networkservicemesh/controlplane/api/nsmdapi"
)

// A workload.

func clientMain(args []string) {
	f := flag.NewFlagSet("client", flag.ExitOnError)
	nsmSock := f.String("nsm", "unix:/var/lib/networkservicemesh/nsm.io.sock", "")
	base := f.String("base", "/var/lib/networkservicemesh/", "")
	ws := f.String("workspace", "", "a workspace that is there")
	own := f.String("workspace-name", "nsm-client", "the workspace to ask for")
	service := f.String("service", "vl3-service", "")
	mech := f.String("mechanism", "MEMIF", "")
	inode := f.String("inode", "", "")
	labels := f.String("labels", "", "")
	wait := f.Duration("wait", 2*time.Second, "")
	noClose := f.Bool("noclose", false, "")
	f.Parse(args)
	ctx := context.Background()
	name := *ws
	if name == "" {
		r, err := nsmdapi.NewNSMDClient(dial(*nsmSock)).RequestClientConnection(ctx, &nsmdapi.ClientConnectionRequest{Workspace: *own})
		if err != nil {
			log.Fatal(err)
		}
		b, _ := proto.Marshal(r)
		record("client", "/nsmdapi.NSMD/RequestClientConnection", "answer", b, nil, nil)
		name = r.Workspace
	}
	cc := dial("unix:" + *base + name + "/nsm.server.io.sock")
	lm := map[string]string{}
	for _, kv := range strings.Split(*labels, ",") {
		if p := strings.SplitN(kv, "=", 2); len(p) == 2 {
			lm[p[0]] = p[1]
		}
	}
	params := map[string]string{"name": "nsm0", "description": "lab client"}
	if *mech == "MEMIF" {
		params["socketfile"] = "nsm0/memif.sock"
		params["name"] = "nsm0"
	}
	if *inode != "" {
		params["netnsInode"] = *inode
	}
	req := &networkservice.NetworkServiceRequest{
		Connection: &connection.Connection{NetworkService: *service, Labels: lm,
			Context: &connectioncontext.ConnectionContext{IpContext: &connectioncontext.IPContext{SrcIpRequired: true, DstIpRequired: true}}},
		MechanismPreferences: []*connection.Mechanism{{Cls: "LOCAL", Type: *mech, Parameters: params}},
	}
	go func() {
		s, err := connection.NewMonitorConnectionClient(cc).MonitorConnections(ctx, &connection.MonitorScopeSelector{})
		for err == nil {
			var e *connection.ConnectionEvent
			if e, err = s.Recv(); err == nil {
				b, _ := proto.Marshal(e)
				record("client", "/connection.MonitorConnection/MonitorConnections", "answer", b, nil, nil)
			}
		}
		record("client", "/connection.MonitorConnection/MonitorConnections", "status", nil, nil, err)
	}()
	time.Sleep(300 * time.Millisecond)
	b, _ := proto.Marshal(req)
	record("client", "/networkservice.NetworkService/Request", "request", b, nil, nil)
	t, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	c, err := networkservice.NewNetworkServiceClient(cc).Request(t, req)
	if err != nil {
		record("client", "/networkservice.NetworkService/Request", "status", nil, nil, err)
		os.Exit(1)
	}
	b, _ = proto.Marshal(c)
	record("client", "/networkservice.NetworkService/Request", "answer", b, nil, nil)
	time.Sleep(*wait)
	if *noClose {
		return
	}
	_, err = networkservice.NewNetworkServiceClient(cc).Close(ctx, c)
	record("client", "/networkservice.NetworkService/Close", "status", nil, nil, err)
	time.Sleep(500 * time.Millisecond)
}
