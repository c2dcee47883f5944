package dev.shiplog.agent.reach;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Requests to pods for probes and hooks. Blocks for at most the time-out given; safe for use by
 * many threads. What does not work out is an {@link UnreachableException}.
 */
public interface PodNetwork {

  /**
   * Asks with GET. Certificates are not checked and redirects to other hosts are not followed: this
   * tells whether somebody answers, not who.
   *
   * @return whatever the answer's status
   */
  HttpAnswer get(HttpRequest request, Duration atMost);

  /** Opens a connection and closes it. */
  void connect(String host, int port, Duration atMost);

  /**
   * Asks a gRPC server by its health checking protocol, without encryption.
   *
   * @param service empty for the server as a whole
   * @param agent who asks
   * @return the status that the server names, such as SERVING
   */
  String grpcHealth(String host, int port, String service, Duration atMost, String agent);

  /**
   * A request.
   *
   * @param scheme {@code http} or {@code https}
   * @param path with query, if any
   * @param headers in order; a name may come several times
   */
  record HttpRequest(
      String scheme, String host, int port, String path, List<Map.Entry<String, String>> headers) {

    public HttpRequest {
      headers = List.copyOf(headers);
    }

    /** As messages show it. */
    public String url() {
      String literal = host.contains(":") ? "[" + host + "]" : host;
      return scheme + "://" + literal + ":" + port + path;
    }
  }

  /**
   * An answer.
   *
   * @param body at most its first 10 KiB
   */
  record HttpAnswer(int status, String body) {}
}
