package dev.shiplog.agent.containerd;

import dev.shiplog.topics.trace.Step;
import dev.shiplog.topics.trace.Tracing;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.opentelemetry.api.trace.SpanKind;

/**
 * Makes a step of each call to the runtime that belongs to a trace, and hands it on: containerd
 * tells its part where it was told to. Any thread.
 */
final class CriTracing implements ClientInterceptor {

  private static final Metadata.Key<String> HEADER =
      Metadata.Key.of(Tracing.HEADER, Metadata.ASCII_STRING_MARSHALLER);

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    ClientCall<Q, A> call = next.newCall(method, options);
    String parent = Tracing.current();
    return parent == null ? call : new Traced<>(call, method.getBareMethodName(), parent);
  }

  private static final class Traced<Q, A> extends SimpleForwardingClientCall<Q, A> {
    private final String name;
    private final String parent;

    Traced(ClientCall<Q, A> call, String name, String parent) {
      super(call);
      this.name = name;
      this.parent = parent;
    }

    @Override
    public void start(Listener<A> listener, Metadata headers) {
      Step step = Tracing.here().follow("CRI " + name, SpanKind.CLIENT, parent);
      headers.put(HEADER, step.traceparent());
      super.start(
          new SimpleForwardingClientCallListener<>(listener) {
            @Override
            public void onClose(Status status, Metadata trailers) {
              if (!status.isOk()) {
                step.failed(status.getCode().name());
              }
              step.close();
              super.onClose(status, trailers);
            }
          },
          headers);
    }
  }
}
