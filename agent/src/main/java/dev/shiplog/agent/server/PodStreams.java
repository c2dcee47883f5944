package dev.shiplog.agent.server;

import dev.shiplog.agent.runtime.StreamRequest.Ends;
import java.net.URI;
import java.util.List;

/**
 * Streams into the node's pods. Each answer is an address on this machine that gives one stream
 * once, to whoever asks it for an upgrade. Any thread; asks the runtime, which may take seconds.
 *
 * <p>All throw {@link RefusedException} where there is no such pod or nothing runs in it, and what
 * {@link dev.shiplog.agent.runtime.PodRuntime#stream} throws.
 */
public interface PodStreams {

  /** Runs a command in a container. */
  URI exec(String namespace, String pod, String container, List<String> command, Ends ends);

  /** Joins a container's own process. */
  URI attach(String namespace, String pod, String container, Ends ends);

  /**
   * Connects to ports of a pod.
   *
   * @param ports empty if the streams name them
   */
  URI portForward(String namespace, String pod, List<Integer> ports);
}
