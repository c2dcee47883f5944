package dev.shiplog.agent.pod;

import dev.shiplog.agent.cluster.ClusterException;
import dev.shiplog.agent.container.ContainerSpecs;
import dev.shiplog.agent.container.ContainerSpecs.Surroundings;
import dev.shiplog.agent.container.PodConfigException;
import dev.shiplog.agent.container.SandboxSpecs;
import dev.shiplog.agent.files.PodFiles;
import dev.shiplog.agent.pod.ActionFailure.Words;
import dev.shiplog.agent.pod.plan.PodAction.StartContainer;
import dev.shiplog.agent.pod.plan.PodSpecs;
import dev.shiplog.agent.runtime.ContainerResources;
import dev.shiplog.agent.runtime.ContainerSpec;
import dev.shiplog.agent.runtime.ContainerStatus.Running;
import dev.shiplog.agent.runtime.ImageInfo;
import dev.shiplog.agent.runtime.PodRuntimeException;
import dev.shiplog.agent.runtime.SandboxSpec;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Makes a container run: image, spec, create, start, postStart hook. Blocks, and is called off by
 * an interrupt; safe for use by many threads.
 */
final class ContainerStarter {

  /** A postStart hook has no bound in Kubernetes; this one only keeps it from being forgotten. */
  private static final Duration POST_START_AT_MOST = Duration.ofHours(1);

  private final NodeContext node;
  private final ContainerSpecs specs;
  private final ImagePuller images;
  private final Hooks hooks;
  private final PodEvents events;

  ContainerStarter(NodeContext node, ImagePuller images, Hooks hooks, PodEvents events) {
    this.node = node;
    this.specs = new ContainerSpecs(node.settings(), node.config(), node.serviceSource());
    this.images = images;
    this.hooks = hooks;
    this.events = events;
  }

  /**
   * Starts a container.
   *
   * @param sandboxAttempt of the sandbox it is to run in
   * @param podIps addresses of the pod
   * @throws ActionFailure if it does not run
   */
  void start(Pod pod, StartContainer action, int sandboxAttempt, List<String> podIps)
      throws InterruptedException {
    Container container = action.container();
    ImageInfo image = images.ensure(pod, container);
    ContainerSpec spec = spec(pod, action, image, podIps);
    SandboxSpec sandbox =
        SandboxSpecs.build(pod, sandboxAttempt, node.settings(), node.files().logDirectory(pod));
    String id = create(pod, container, action.sandboxId(), joining(pod, container, sandbox), spec);
    run(pod, container, id);
    postStart(pod, container, id, podIps);
  }

  /** What a container of the pod may use. */
  ContainerResources resources(Pod pod, Container container) {
    return specs.resources(pod, container);
  }

  /** An ephemeral container may ask for the processes of another one, which must be running. */
  private SandboxSpec joining(Pod pod, Container container, SandboxSpec sandbox) {
    Optional<String> target = PodSpecs.target(pod, container.getName());
    if (target.isEmpty()) {
      return sandbox;
    }
    return node.runtime().pod(sandbox.pod().uid()).stream()
        .flatMap(held -> held.containers().stream())
        .filter(each -> each.name().equals(target.get()) && each.state() instanceof Running)
        .findFirst()
        .map(each -> sandbox.withProcessesOf(each.id()))
        .orElseThrow(() ->
            failed(
                pod,
                container,
                "CreateContainerError",
                new PodConfigException(
                    "target container \"" + target.get() + "\" is not running")));
  }

  private ContainerSpec spec(Pod pod, StartContainer action, ImageInfo image, List<String> podIps) {
    Container container = action.container();
    PodFiles files = node.files();
    try {
      Path terminationLog =
          files.newTerminationLog(
              pod.getMetadata().getUid(), container.getName(), action.attempt());
      Surroundings surroundings =
          new Surroundings(
              podIps,
              files.volumes(pod),
              files::subPath,
              files.hostsFile(pod, podIps),
              terminationLog);
      return specs.build(pod, container, action.attempt(), image, surroundings);
    } catch (PodConfigException | ClusterException e) {
      throw failed(pod, container, "CreateContainerConfigError", e);
    }
  }

  private String create(
      Pod pod, Container container, String sandboxId, SandboxSpec sandbox, ContainerSpec spec) {
    try {
      String id = node.runtime().createContainer(sandboxId, sandbox, spec);
      events.normal(pod, container, "Created", "Created container: " + container.getName());
      return id;
    } catch (PodRuntimeException e) {
      throw failed(pod, container, "CreateContainerError", e);
    }
  }

  private void run(Pod pod, Container container, String id) {
    try {
      node.runtime().startContainer(id);
      events.normal(pod, container, "Started", "Started container " + container.getName());
    } catch (PodRuntimeException e) {
      events.warning(pod, container, "Failed", "Error: " + e.getMessage());
      throw ended("RunContainerError", e.getMessage(), e);
    }
  }

  /** A container whose hook fails is ended, to be restarted as its policy says. */
  private void postStart(Pod pod, Container container, String id, List<String> podIps)
      throws InterruptedException {
    LifecycleHandler hook =
        container.getLifecycle() == null ? null : container.getLifecycle().getPostStart();
    if (hook == null) {
      return;
    }
    Optional<String> wrong =
        hooks.run(hook, container, id, PodAddresses.first(podIps), POST_START_AT_MOST);
    if (wrong.isPresent()) {
      events.warning(pod, container, "FailedPostStartHook", "PostStartHook failed: " + wrong.get());
      events.normal(pod, container, "Killing", "FailedPostStartHook");
      try {
        node.runtime().stopContainer(id, PodSpecs.grace(pod));
      } catch (PodRuntimeException e) {
        throw failed(pod, container, "PostStartHookError", e);
      }
      throw ended("PostStartHookError", wrong.get(), null);
    }
  }

  private ActionFailure failed(
      Pod pod, Container container, String reason, RuntimeException cause) {
    events.warning(pod, container, "Failed", "Error: " + cause.getMessage());
    return new ActionFailure(reason, cause.getMessage(), RetryBackoff.SOON, cause);
  }

  /** The container has ended of it: soon that says more than how it came about. */
  private static ActionFailure ended(String reason, String message, Throwable cause) {
    return new ActionFailure(new Words(reason, message), Words.NONE, RetryBackoff.SOON, cause);
  }
}
