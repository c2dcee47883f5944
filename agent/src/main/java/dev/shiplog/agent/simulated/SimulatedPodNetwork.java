package dev.shiplog.agent.simulated;

import dev.shiplog.agent.reach.PodNetwork;
import java.time.Duration;

/** Simulated pods answer every request and take every connection: there is nobody to ask. */
public final class SimulatedPodNetwork implements PodNetwork {

  private static final int OK = 200;

  @Override
  public HttpAnswer get(HttpRequest request, Duration atMost) {
    return new HttpAnswer(OK, "");
  }

  @Override
  public void connect(String host, int port, Duration atMost) {}

  @Override
  public String grpcHealth(String host, int port, String service, Duration atMost, String agent) {
    return "SERVING";
  }
}
