package dev.shiplog.agent.cluster;

import dev.shiplog.topics.trace.Tracing;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;

/** Tells the API server which step of a trace a request belongs to. Any thread. */
public final class RequestTracing implements Interceptor {

  /** Under what name clients keep it. */
  public static final String NAME = "shiplog-trace";

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    String step = Tracing.current();
    if (step != null) {
      builder.setHeader(Tracing.HEADER, step);
    }
  }
}
