package dev.shiplog.agent.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Where the node's pods keep their logs. Any thread; does not block for long. */
public interface PodLogs {

  /**
   * The log of a container.
   *
   * @param container empty if the pod has only one
   * @param previous of the attempt before the last one
   * @throws RefusedException if there is none, with what the user is told
   */
  ContainerLog find(String namespace, String pod, String container, boolean previous);

  /** The pods this process runs, as the API has them. */
  List<JsonNode> pods();

  /**
   * One attempt's log.
   *
   * @param file in CRI's log format; may not exist yet, or be replaced when it is rotated
   * @param running whether more may still come
   */
  record ContainerLog(Path file, BooleanSupplier running) {}
}
