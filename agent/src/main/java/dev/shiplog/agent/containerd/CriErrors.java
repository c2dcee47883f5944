package dev.shiplog.agent.containerd;

import dev.shiplog.agent.runtime.NoSuchContainerException;
import dev.shiplog.agent.runtime.PodRuntimeException;
import dev.shiplog.agent.runtime.RuntimeRefusedException;
import dev.shiplog.agent.runtime.RuntimeUnavailableException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.function.Supplier;

/**
 * The one place that judges what a gRPC status means for the caller of a runtime. containerd gives
 * most refusals no code of their own: they are UNKNOWN and only their text tells.
 */
final class CriErrors {

  private CriErrors() {}

  /** Calls, and turns a gRPC failure into the contract's. */
  static <T> T judged(Supplier<T> call) {
    try {
      return call.get();
    } catch (StatusRuntimeException e) {
      throw judge(e);
    }
  }

  static PodRuntimeException judge(StatusRuntimeException e) {
    String message = message(e);
    return switch (e.getStatus().getCode()) {
      case NOT_FOUND ->
          isAboutImage(message)
              ? new RuntimeRefusedException("", message, e)
              : new NoSuchContainerException(message, e);
      case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, ABORTED, INTERNAL, DATA_LOSS ->
          new RuntimeUnavailableException("containerd does not answer: " + message, e);
      case UNKNOWN, RESOURCE_EXHAUSTED -> judgeText(message, e);
      case OK,
          INVALID_ARGUMENT,
          ALREADY_EXISTS,
          FAILED_PRECONDITION,
          PERMISSION_DENIED,
          UNAUTHENTICATED,
          OUT_OF_RANGE,
          UNIMPLEMENTED ->
          new RuntimeRefusedException("", message, e);
    };
  }

  private static PodRuntimeException judgeText(String message, StatusRuntimeException e) {
    if (message.contains("context deadline exceeded") || message.contains("context canceled")) {
      return new RuntimeUnavailableException("containerd gave up: " + message, e);
    }
    if (isAboutStoppedContainer(message)) {
      return new NoSuchContainerException(message, e);
    }
    return new RuntimeRefusedException("", message, e);
  }

  /** Exec and log rotation want a container that runs. */
  private static boolean isAboutStoppedContainer(String message) {
    return message.contains("container is in CONTAINER_")
        || message.contains("container is not running")
        || message.contains("cannot exec in a stopped")
        || message.contains("cannot exec in a deleted");
  }

  /** A container is refused when its image is missing; that is not a missing container. */
  private static boolean isAboutImage(String message) {
    return message.contains("image");
  }

  static boolean isNotFound(StatusRuntimeException e) {
    return e.getStatus().getCode() == Status.Code.NOT_FOUND;
  }

  /** Whether a time-out ended the call, the runtime's or ours. */
  static boolean isTimeout(StatusRuntimeException e) {
    return e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED
        || message(e).contains("context deadline exceeded");
  }

  static String message(StatusRuntimeException e) {
    String description = e.getStatus().getDescription();
    return description == null ? e.getStatus().getCode().toString() : description;
  }
}
