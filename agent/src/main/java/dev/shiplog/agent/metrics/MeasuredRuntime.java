package dev.shiplog.agent.metrics;

import dev.shiplog.agent.metrics.KubeletMetrics.Operation;
import dev.shiplog.agent.runtime.ContainerResources;
import dev.shiplog.agent.runtime.ContainerSpec;
import dev.shiplog.agent.runtime.ExecResult;
import dev.shiplog.agent.runtime.ImageInfo;
import dev.shiplog.agent.runtime.PodRuntime;
import dev.shiplog.agent.runtime.PodStats;
import dev.shiplog.agent.runtime.RegistryCredentials;
import dev.shiplog.agent.runtime.RuntimeHealth;
import dev.shiplog.agent.runtime.RuntimeInfo;
import dev.shiplog.agent.runtime.RuntimePod;
import dev.shiplog.agent.runtime.SandboxSpec;
import dev.shiplog.agent.runtime.SandboxStatus;
import dev.shiplog.agent.runtime.StreamRequest;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A runtime whose calls are counted and timed under the names that the kubelet gives them. It does
 * what the one behind it does.
 */
final class MeasuredRuntime implements PodRuntime {

  private final PodRuntime runtime;
  private final KubeletMetrics metrics;

  MeasuredRuntime(PodRuntime runtime, KubeletMetrics metrics) {
    this.runtime = runtime;
    this.metrics = metrics;
  }

  private <T> T measured(String type, Supplier<T> call) {
    Operation operation = metrics.operation(type);
    long started = System.nanoTime();
    boolean failed = true;
    try {
      T result = call.get();
      failed = false;
      return result;
    } finally {
      operation.ended(System.nanoTime() - started, failed);
    }
  }

  private void does(String type, Runnable call) {
    Object _ =
        measured(
            type,
            () -> {
              call.run();
              return type;
            });
  }

  @Override
  public RuntimeInfo info() {
    return measured("version", runtime::info);
  }

  @Override
  public RuntimeHealth health() {
    return measured("status", runtime::health);
  }

  @Override
  public Optional<ImageInfo> image(String reference) {
    return measured("image_status", () -> runtime.image(reference));
  }

  @Override
  public ImageInfo pullImage(
      String reference, List<RegistryCredentials> credentials, Duration atMost) {
    return measured("pull_image", () -> runtime.pullImage(reference, credentials, atMost));
  }

  @Override
  public List<ImageInfo> images() {
    return measured("list_images", runtime::images);
  }

  @Override
  public void removeImage(String imageId) {
    does("remove_image", () -> runtime.removeImage(imageId));
  }

  @Override
  public SandboxStatus startSandbox(SandboxSpec spec) {
    return measured("run_podsandbox", () -> runtime.startSandbox(spec));
  }

  @Override
  public void stopSandbox(String sandboxId) {
    does("stop_podsandbox", () -> runtime.stopSandbox(sandboxId));
  }

  @Override
  public void removeSandbox(String sandboxId) {
    does("remove_podsandbox", () -> runtime.removeSandbox(sandboxId));
  }

  @Override
  public String createContainer(String sandboxId, SandboxSpec sandbox, ContainerSpec spec) {
    return measured("create_container", () -> runtime.createContainer(sandboxId, sandbox, spec));
  }

  @Override
  public void startContainer(String containerId) {
    does("start_container", () -> runtime.startContainer(containerId));
  }

  @Override
  public void stopContainer(String containerId, Duration grace) {
    does("stop_container", () -> runtime.stopContainer(containerId, grace));
  }

  @Override
  public void removeContainer(String containerId) {
    does("remove_container", () -> runtime.removeContainer(containerId));
  }

  @Override
  public void updateResources(String containerId, ContainerResources resources) {
    does("update_container", () -> runtime.updateResources(containerId, resources));
  }

  @Override
  public ExecResult exec(String containerId, List<String> command, Duration atMost) {
    return measured("exec_sync", () -> runtime.exec(containerId, command, atMost));
  }

  @Override
  public URI stream(StreamRequest request) {
    return measured("exec", () -> runtime.stream(request));
  }

  @Override
  public void reopenLog(String containerId) {
    does("reopen_container_log", () -> runtime.reopenLog(containerId));
  }

  @Override
  public List<RuntimePod> pods() {
    return measured("list_podsandbox", runtime::pods);
  }

  @Override
  public Optional<RuntimePod> pod(String podUid) {
    return measured("podsandbox_status", () -> runtime.pod(podUid));
  }

  @Override
  public void onChange(ChangeListener listener) {
    runtime.onChange(listener);
  }

  @Override
  public List<PodStats> stats() {
    return measured("list_podsandbox_stats", runtime::stats);
  }

  @Override
  public Optional<Path> storageDirectory() {
    return runtime.storageDirectory();
  }

  @Override
  public boolean enforcesAppArmor() {
    return runtime.enforcesAppArmor();
  }

  @Override
  public void close() {
    metrics.forget(runtime);
    runtime.close();
  }
}
