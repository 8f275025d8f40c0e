package main

import (
	"io"
	"log"
	"time"

	"github.com/golang/protobuf/proto"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

type raw struct{ b []byte }
type rawCodec struct{}

func (rawCodec) Marshal(v interface{}) ([]byte, error) {
	if r, ok := v.(*raw); ok {
		return r.b, nil
	}
	return proto.Marshal(v.(proto.Message))
}
func (rawCodec) Unmarshal(d []byte, v interface{}) error {
	if r, ok := v.(*raw); ok {
		r.b = append([]byte(nil), d...)
		return nil
	}
	return proto.Unmarshal(d, v.(proto.Message))
}
func (rawCodec) Name() string   { return "proto" }
func (rawCodec) String() string { return "proto" }

func proxy(name, listenAt, target string) {
	cc := dial(target)
	h := func(_ interface{}, ss grpc.ServerStream) error {
		method, _ := grpc.MethodFromServerStream(ss)
		md, _ := metadata.FromIncomingContext(ss.Context())
		keep := metadata.MD{}
		for k, v := range md {
			if k != ":authority" && k != "content-type" && k != "user-agent" {
				keep[k] = v
			}
		}
		if dl, ok := ss.Context().Deadline(); ok {
			keep["~deadline"] = []string{time.Until(dl).Round(100 * time.Millisecond).String()}
		}
		ctx := metadata.NewOutgoingContext(ss.Context(), md)
		cs, err := cc.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, method, grpc.CallCustomCodec(rawCodec{}), grpc.WaitForReady(true))
		if err != nil {
			record(name, method, "answer", nil, nil, err)
			return err
		}
		done := make(chan error, 1)
		go func() {
			for {
				m := &raw{}
				if err := ss.RecvMsg(m); err != nil {
					cs.CloseSend()
					return
				}
				record(name, method, "request", m.b, keep, nil)
				if err := cs.SendMsg(m); err != nil {
					return
				}
			}
		}()
		go func() {
			for {
				m := &raw{}
				if err := cs.RecvMsg(m); err != nil {
					if err == io.EOF {
						err = nil
					}
					done <- err
					return
				}
				record(name, method, "answer", m.b, nil, nil)
				if err := ss.SendMsg(m); err != nil {
					done <- err
					return
				}
			}
		}()
		err = <-done
		if err != nil {
			record(name, method, "status", nil, nil, err)
		}
		return err
	}
	s := grpc.NewServer(grpc.CustomCodec(rawCodec{}), grpc.UnknownServiceHandler(h))
	log.Fatal(s.Serve(listen(listenAt)))
}
