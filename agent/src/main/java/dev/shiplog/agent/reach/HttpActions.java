package dev.shiplog.agent.reach;

import dev.shiplog.agent.container.PodConfigException;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.HTTPHeader;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Requests as probes and hooks describe them: ports may be names, hosts default to the pod. */
public final class HttpActions {

  private static final int MAX_PORT = 65535;

  private HttpActions() {}

  /** The request; {@code agent} is who it says it is, unless the action says otherwise. */
  public static PodNetwork.HttpRequest request(
      HTTPGetAction action, Container container, String podIp, String agent) {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    List<HTTPHeader> own = action.getHttpHeaders() == null ? List.of() : action.getHttpHeaders();
    own.stream()
        .filter(header -> !header.getValue().isEmpty())
        .forEach(header -> headers.add(Map.entry(header.getName(), header.getValue())));
    addUnlessThere(headers, "User-Agent", agent);
    addUnlessThere(headers, "Accept", "*/*");
    return new PodNetwork.HttpRequest(
        action.getScheme() == null ? "http" : action.getScheme().toLowerCase(Locale.ROOT),
        host(action.getHost(), podIp),
        port(action.getPort(), container),
        path(action.getPath()),
        headers);
  }

  /**
   * Whom to ask: who is wanted, or the pod.
   *
   * @throws UnreachableException if that is a pod without an address, as one is whose sandbox just
   *     died; nobody else is to answer for it
   */
  public static String host(String wanted, String podIp) {
    String host = wanted == null || wanted.isEmpty() ? podIp : wanted;
    if (host.isEmpty()) {
      throw new UnreachableException("the pod has no address", null);
    }
    return host;
  }

  /**
   * The number of a port.
   *
   * @throws PodConfigException if the container has no port of that name
   */
  public static int port(IntOrString port, Container container) {
    if (port.getIntVal() != null) {
      return checked(port.getIntVal());
    }
    String name = port.getStrVal();
    return container.getPorts().stream()
        .filter(each -> name.equals(each.getName()))
        .findFirst()
        .map(ContainerPort::getContainerPort)
        .orElseGet(() -> checked(number(name, container)));
  }

  private static int number(String text, Container container) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new PodConfigException(
          "container " + container.getName() + " has no port named " + text, e);
    }
  }

  private static int checked(int port) {
    if (port < 1 || port > MAX_PORT) {
      throw new PodConfigException("invalid port number: " + port);
    }
    return port;
  }

  private static String path(String path) {
    if (path == null || path.isEmpty()) {
      return "/";
    }
    return path.startsWith("/") ? path : "/" + path;
  }

  private static void addUnlessThere(
      List<Map.Entry<String, String>> headers, String name, String value) {
    if (headers.stream().noneMatch(header -> header.getKey().equalsIgnoreCase(name))) {
      headers.add(Map.entry(name, value));
    }
  }
}
