package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/cisco-app-networking/nsm-nse/api/serviceregistry"
	"github.com/golang/protobuf/jsonpb"
	"github.com/golang/protobuf/proto"
	"github.com/golang/protobuf/ptypes/empty"
	"github.com/networkservicemesh/networkservicemesh/controlplane/api/connection"
	"github.com/networkservicemesh/networkservicemesh/controlplane/api/crossconnect"
	"github.com/networkservicemesh/networkservicemesh/controlplane/api/networkservice"
	"github.com/networkservicemesh/networkservicemesh/controlplane/api/nsmdapi"
	"github.com/networkservicemesh/networkservicemesh/controlplane/api/registry"
	"github.com/networkservicemesh/networkservicemesh/forwarder/api/forwarder"
	"go.ligato.io/vpp-agent/v3/proto/ligato/configurator"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

var marshal = jsonpb.Marshaler{}

func js(m proto.Message) json.RawMessage {
	s, err := marshal.MarshalToString(m)
	if err != nil {
		s = fmt.Sprintf("%q", err.Error())
	}
	return json.RawMessage(s)
}

type pair struct{ in, out func() proto.Message }

func mk(in, out func() proto.Message) pair { return pair{in, out} }

var methods = map[string]pair{
	"/networkservice.NetworkService/Request":               mk(func() proto.Message { return &networkservice.NetworkServiceRequest{} }, func() proto.Message { return &connection.Connection{} }),
	"/networkservice.NetworkService/Close":                 mk(func() proto.Message { return &connection.Connection{} }, func() proto.Message { return &empty.Empty{} }),
	"/connection.MonitorConnection/MonitorConnections":     mk(func() proto.Message { return &connection.MonitorScopeSelector{} }, func() proto.Message { return &connection.ConnectionEvent{} }),
	"/registry.NetworkServiceRegistry/RegisterNSE":         mk(func() proto.Message { return &registry.NSERegistration{} }, func() proto.Message { return &registry.NSERegistration{} }),
	"/registry.NetworkServiceRegistry/BulkRegisterNSE":     mk(func() proto.Message { return &registry.NSERegistration{} }, func() proto.Message { return &registry.NSERegistration{} }),
	"/registry.NetworkServiceRegistry/RemoveNSE":           mk(func() proto.Message { return &registry.RemoveNSERequest{} }, func() proto.Message { return &empty.Empty{} }),
	"/registry.NetworkServiceDiscovery/FindNetworkService": mk(func() proto.Message { return &registry.FindNetworkServiceRequest{} }, func() proto.Message { return &registry.FindNetworkServiceResponse{} }),
	"/registry.NsmRegistry/RegisterNSM":                    mk(func() proto.Message { return &registry.NetworkServiceManager{} }, func() proto.Message { return &registry.NetworkServiceManager{} }),
	"/registry.NsmRegistry/GetEndpoints":                   mk(func() proto.Message { return &empty.Empty{} }, func() proto.Message { return &registry.NetworkServiceEndpointList{} }),
	"/nsmdapi.NSMD/RequestClientConnection":                mk(func() proto.Message { return &nsmdapi.ClientConnectionRequest{} }, func() proto.Message { return &nsmdapi.ClientConnectionReply{} }),
	"/forwarder.Forwarder/Request":                         mk(func() proto.Message { return &crossconnect.CrossConnect{} }, func() proto.Message { return &crossconnect.CrossConnect{} }),
	"/forwarder.Forwarder/Close":                           mk(func() proto.Message { return &crossconnect.CrossConnect{} }, func() proto.Message { return &empty.Empty{} }),
	"/forwarder.MechanismsMonitor/MonitorMechanisms":       mk(func() proto.Message { return &empty.Empty{} }, func() proto.Message { return &forwarder.MechanismUpdate{} }),
	"/ligato.configurator.ConfiguratorService/Update":      mk(func() proto.Message { return &configurator.UpdateRequest{} }, func() proto.Message { return &configurator.UpdateResponse{} }),
	"/ligato.configurator.ConfiguratorService/Delete":      mk(func() proto.Message { return &configurator.DeleteRequest{} }, func() proto.Message { return &configurator.DeleteResponse{} }),
	"/ligato.configurator.ConfiguratorService/Get":         mk(func() proto.Message { return &configurator.GetRequest{} }, func() proto.Message { return &configurator.GetResponse{} }),
	"/ligato.configurator.ConfiguratorService/Dump":        mk(func() proto.Message { return &configurator.DumpRequest{} }, func() proto.Message { return &configurator.DumpResponse{} }),
	"/svreg.Registry/RegisterWorkload":                     mk(func() proto.Message { return &serviceregistry.ServiceWorkload{} }, func() proto.Message { return &serviceregistry.Empty{} }),
	"/svreg.Registry/RemoveWorkload":                       mk(func() proto.Message { return &serviceregistry.ServiceWorkload{} }, func() proto.Message { return &serviceregistry.Empty{} }),
	"/svreg.Registry/GetServices":                          mk(func() proto.Message { return &serviceregistry.Empty{} }, func() proto.Message { return &serviceregistry.WorkloadEvent{} }),
	"/svreg.RegistryState/GetRegisteredWorkloads":          mk(func() proto.Message { return &serviceregistry.Empty{} }, func() proto.Message { return &serviceregistry.RegisteredWorkloads{} }),
}

var outMu sync.Mutex
var out io.Writer = os.Stdout

func record(name, method, dir string, b []byte, md metadata.MD, err error) {
	e := map[string]interface{}{"at": time.Now().Format("15:04:05.000"), "on": name, "method": method, "dir": dir}
	if p, ok := methods[method]; ok && b != nil {
		m := p.in()
		if dir == "answer" {
			m = p.out()
		}
		if x := proto.Unmarshal(b, m); x != nil {
			e["undecoded"] = x.Error()
		} else {
			e["message"] = js(m)
		}
	} else if b != nil {
		e["bytes"] = fmt.Sprintf("%x", b)
	}
	if md != nil {
		e["headers"] = md
	}
	if err != nil {
		e["status"] = status.Code(err).String()
		e["error"] = status.Convert(err).Message()
	}
	s, _ := json.Marshal(e)
	outMu.Lock()
	defer outMu.Unlock()
	fmt.Fprintln(out, string(s))
}
