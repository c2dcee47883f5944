package dev.shiplog.agent.testing;

import dev.shiplog.agent.reach.PodNetwork;
import dev.shiplog.agent.reach.UnreachableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A network to pods that answers as a test says. Safe for use by many threads. */
public final class ControlledPodNetwork implements PodNetwork {

  private final List<HttpRequest> requests = new CopyOnWriteArrayList<>();
  private volatile int status = 200;
  private volatile String health = "SERVING";
  private volatile boolean reachable = true;

  /** From now on requests are answered with this status. */
  public void answer(int httpStatus) {
    status = httpStatus;
  }

  /** From now on gRPC servers say this of their health. */
  public void answerHealth(String servingStatus) {
    health = servingStatus;
  }

  public void setReachable(boolean now) {
    reachable = now;
  }

  public List<HttpRequest> requests() {
    return List.copyOf(requests);
  }

  @Override
  public HttpAnswer get(HttpRequest request, Duration atMost) {
    requests.add(request);
    requireReachable();
    return new HttpAnswer(status, "");
  }

  @Override
  public void connect(String host, int port, Duration atMost) {
    requireReachable();
  }

  @Override
  public String grpcHealth(String host, int port, String service, Duration atMost, String agent) {
    requireReachable();
    return health;
  }

  private void requireReachable() {
    if (!reachable) {
      throw new UnreachableException("connection refused", null);
    }
  }
}
