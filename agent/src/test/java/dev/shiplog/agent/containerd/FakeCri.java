package dev.shiplog.agent.containerd;

import com.google.protobuf.Message;
import dev.shiplog.agent.containerd.cri.Cri;
import dev.shiplog.agent.containerd.cri.ImageServiceGrpc;
import dev.shiplog.agent.containerd.cri.RuntimeServiceGrpc;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * A CRI server on a real unix socket that runs nothing: it remembers sandboxes and containers, and
 * a test sets what becomes of them. By the method's name, a test scripts refusals and counts calls.
 */
final class FakeCri implements AutoCloseable {

  final Map<String, Cri.PodSandboxStatus> sandboxes = new ConcurrentHashMap<>();
  final Map<String, Cri.ContainerStatus> containers = new ConcurrentHashMap<>();
  final Map<String, String> sandboxOf = new ConcurrentHashMap<>();
  final Map<String, Cri.Image> images = new ConcurrentHashMap<>();
  final List<Message> requests = new CopyOnWriteArrayList<>();
  final List<StreamObserver<Cri.ContainerEventResponse>> eventStreams =
      new CopyOnWriteArrayList<>();
  volatile Cri.ExecSyncResponse execAnswer = Cri.ExecSyncResponse.getDefaultInstance();
  volatile boolean offersEvents;

  private final Map<String, Queue<Status>> refusals = new ConcurrentHashMap<>();
  private final List<String> silent = new CopyOnWriteArrayList<>();
  private final EpollEventLoopGroup loop = new EpollEventLoopGroup(1);
  private final Path socket;
  private Server server;
  private int ids;

  FakeCri(Path socket) throws IOException {
    this.socket = socket;
    start();
  }

  void start() throws IOException {
    server =
        NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
            .channelType(EpollServerDomainSocketChannel.class)
            .bossEventLoopGroup(loop)
            .workerEventLoopGroup(loop)
            .intercept(new Script())
            .addService(new RuntimeService())
            .addService(new ImageService())
            .build()
            .start();
  }

  void stop() {
    try {
      server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the server stops", e);
    }
  }

  /** The next call of the method is refused; several of these form a queue. */
  void refuseNext(String method, Status status) {
    refusals.computeIfAbsent(method, name -> new ConcurrentLinkedQueue<>()).add(status);
  }

  /** Calls of the method get no answer. */
  void neverAnswer(String method) {
    silent.add(method);
  }

  <T extends Message> List<T> received(Class<T> type) {
    return requests.stream().filter(type::isInstance).map(type::cast).toList();
  }

  <T extends Message> T only(Class<T> type) {
    List<T> all = received(type);
    if (all.size() != 1) {
      throw new AssertionError(all.size() + " requests of " + type.getSimpleName());
    }
    return all.getFirst();
  }

  void change(String containerId, UnaryOperator<Cri.ContainerStatus.Builder> how) {
    containers.computeIfPresent(containerId, (id, status) -> how.apply(status.toBuilder()).build());
  }

  void changeSandbox(String sandboxId, UnaryOperator<Cri.PodSandboxStatus.Builder> how) {
    sandboxes.computeIfPresent(sandboxId, (id, status) -> how.apply(status.toBuilder()).build());
  }

  private synchronized String newId() {
    return "id-" + ++ids;
  }

  @Override
  public void close() {
    stop();
    var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  /** Remembers every request and plays the script. */
  private final class Script implements ServerInterceptor {

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      String method = call.getMethodDescriptor().getBareMethodName();
      Status refusal = refusals.getOrDefault(method, new ConcurrentLinkedQueue<>()).poll();
      if (refusal != null) {
        call.close(refusal, new Metadata());
        return new ServerCall.Listener<>() {};
      }
      ServerCall.Listener<Q> listener = next.startCall(call, headers);
      return new ForwardingServerCallListener.SimpleForwardingServerCallListener<>(listener) {
        @Override
        public void onMessage(Q message) {
          requests.add((Message) message);
          super.onMessage(message);
        }

        @Override
        public void onHalfClose() {
          if (!silent.contains(method)) {
            super.onHalfClose();
          }
        }
      };
    }
  }

  private static <T> void answer(StreamObserver<T> to, T message) {
    to.onNext(message);
    to.onCompleted();
  }

  private static boolean matches(Map<String, String> selector, Map<String, String> labels) {
    return labels.entrySet().containsAll(selector.entrySet());
  }

  private final class RuntimeService extends RuntimeServiceGrpc.RuntimeServiceImplBase {

    @Override
    public void version(Cri.VersionRequest request, StreamObserver<Cri.VersionResponse> to) {
      answer(
          to,
          Cri.VersionResponse.newBuilder()
              .setRuntimeName("containerd")
              .setRuntimeVersion("1.2.3")
              .build());
    }

    @Override
    public void status(Cri.StatusRequest request, StreamObserver<Cri.StatusResponse> to) {
      var status =
          Cri.RuntimeStatus.newBuilder()
              .addConditions(
                  Cri.RuntimeCondition.newBuilder().setType("RuntimeReady").setStatus(true))
              .addConditions(
                  Cri.RuntimeCondition.newBuilder()
                      .setType("NetworkReady")
                      .setReason("NetworkPluginNotReady")
                      .setMessage("no network config"));
      var response = Cri.StatusResponse.newBuilder().setStatus(status);
      if (request.getVerbose()) {
        response.putInfo("config", "{\"systemdCgroup\":false,\"sandboxImage\":\"pause:1\"}");
      }
      answer(to, response.build());
    }

    @Override
    public void runPodSandbox(
        Cri.RunPodSandboxRequest request, StreamObserver<Cri.RunPodSandboxResponse> to) {
      Cri.PodSandboxConfig config = request.getConfig();
      String id = newId();
      sandboxes.put(
          id,
          Cri.PodSandboxStatus.newBuilder()
              .setId(id)
              .setMetadata(config.getMetadata())
              .setState(Cri.PodSandboxState.SANDBOX_READY)
              .setCreatedAt(sandboxes.size() + 1)
              .setNetwork(Cri.PodSandboxNetworkStatus.newBuilder().setIp("10.244.0.7"))
              .setLinux(
                  Cri.LinuxPodSandboxStatus.newBuilder()
                      .setNamespaces(
                          Cri.Namespace.newBuilder()
                              .setOptions(
                                  config.getLinux().getSecurityContext().getNamespaceOptions())))
              .putAllLabels(config.getLabelsMap())
              .putAllAnnotations(config.getAnnotationsMap())
              .build());
      answer(to, Cri.RunPodSandboxResponse.newBuilder().setPodSandboxId(id).build());
    }

    @Override
    public void stopPodSandbox(
        Cri.StopPodSandboxRequest request, StreamObserver<Cri.StopPodSandboxResponse> to) {
      changeSandbox(
          request.getPodSandboxId(),
          status -> status.setState(Cri.PodSandboxState.SANDBOX_NOTREADY));
      answer(to, Cri.StopPodSandboxResponse.getDefaultInstance());
    }

    @Override
    public void removePodSandbox(
        Cri.RemovePodSandboxRequest request, StreamObserver<Cri.RemovePodSandboxResponse> to) {
      sandboxes.remove(request.getPodSandboxId());
      answer(to, Cri.RemovePodSandboxResponse.getDefaultInstance());
    }

    @Override
    public void podSandboxStatus(
        Cri.PodSandboxStatusRequest request, StreamObserver<Cri.PodSandboxStatusResponse> to) {
      Cri.PodSandboxStatus status = sandboxes.get(request.getPodSandboxId());
      if (status == null) {
        to.onError(Status.NOT_FOUND.withDescription("no such sandbox").asException());
        return;
      }
      answer(to, Cri.PodSandboxStatusResponse.newBuilder().setStatus(status).build());
    }

    @Override
    public void listPodSandbox(
        Cri.ListPodSandboxRequest request, StreamObserver<Cri.ListPodSandboxResponse> to) {
      var items =
          sandboxes.values().stream()
              .filter(it -> matches(request.getFilter().getLabelSelectorMap(), it.getLabelsMap()))
              .map(it ->
                  Cri.PodSandbox.newBuilder()
                      .setId(it.getId())
                      .setMetadata(it.getMetadata())
                      .setState(it.getState())
                      .putAllLabels(it.getLabelsMap())
                      .build())
              .toList();
      answer(to, Cri.ListPodSandboxResponse.newBuilder().addAllItems(items).build());
    }

    @Override
    public void createContainer(
        Cri.CreateContainerRequest request, StreamObserver<Cri.CreateContainerResponse> to) {
      Cri.ContainerConfig config = request.getConfig();
      String id = newId();
      sandboxOf.put(id, request.getPodSandboxId());
      containers.put(
          id,
          Cri.ContainerStatus.newBuilder()
              .setId(id)
              .setMetadata(config.getMetadata())
              .setState(Cri.ContainerState.CONTAINER_CREATED)
              .setCreatedAt(containers.size() + 1)
              .setImage(config.getImage())
              .setImageRef("docker.io/library/app@sha256:abc")
              .putAllLabels(config.getLabelsMap())
              .putAllAnnotations(config.getAnnotationsMap())
              .setLogPath(request.getSandboxConfig().getLogDirectory() + "/" + config.getLogPath())
              .build());
      answer(to, Cri.CreateContainerResponse.newBuilder().setContainerId(id).build());
    }

    @Override
    public void startContainer(
        Cri.StartContainerRequest request, StreamObserver<Cri.StartContainerResponse> to) {
      change(
          request.getContainerId(),
          it -> it.setState(Cri.ContainerState.CONTAINER_RUNNING).setStartedAt(5_000_000_000L));
      answer(to, Cri.StartContainerResponse.getDefaultInstance());
    }

    @Override
    public void stopContainer(
        Cri.StopContainerRequest request, StreamObserver<Cri.StopContainerResponse> to) {
      answer(to, Cri.StopContainerResponse.getDefaultInstance());
    }

    @Override
    public void listContainers(
        Cri.ListContainersRequest request, StreamObserver<Cri.ListContainersResponse> to) {
      var items =
          containers.values().stream()
              .filter(it -> matches(request.getFilter().getLabelSelectorMap(), it.getLabelsMap()))
              .map(it ->
                  Cri.Container.newBuilder()
                      .setId(it.getId())
                      .setPodSandboxId(sandboxOf.get(it.getId()))
                      .setMetadata(it.getMetadata())
                      .setState(it.getState())
                      .putAllLabels(it.getLabelsMap())
                      .build())
              .toList();
      answer(to, Cri.ListContainersResponse.newBuilder().addAllContainers(items).build());
    }

    @Override
    public void containerStatus(
        Cri.ContainerStatusRequest request, StreamObserver<Cri.ContainerStatusResponse> to) {
      Cri.ContainerStatus status = containers.get(request.getContainerId());
      if (status == null) {
        to.onError(Status.NOT_FOUND.withDescription("no such container").asException());
        return;
      }
      answer(to, Cri.ContainerStatusResponse.newBuilder().setStatus(status).build());
    }

    @Override
    public void execSync(Cri.ExecSyncRequest request, StreamObserver<Cri.ExecSyncResponse> to) {
      answer(to, execAnswer);
    }

    @Override
    public void getContainerEvents(
        Cri.GetEventsRequest request, StreamObserver<Cri.ContainerEventResponse> to) {
      if (offersEvents) {
        eventStreams.add(to);
      } else {
        super.getContainerEvents(request, to);
      }
    }
  }

  private final class ImageService extends ImageServiceGrpc.ImageServiceImplBase {

    @Override
    public void listImages(
        Cri.ListImagesRequest request, StreamObserver<Cri.ListImagesResponse> to) {
      answer(to, Cri.ListImagesResponse.newBuilder().addAllImages(images.values()).build());
    }

    @Override
    public void imageStatus(
        Cri.ImageStatusRequest request, StreamObserver<Cri.ImageStatusResponse> to) {
      var response = Cri.ImageStatusResponse.newBuilder();
      Cri.Image image = images.get(request.getImage().getImage());
      if (image != null) {
        response.setImage(image);
      }
      answer(to, response.build());
    }

    @Override
    public void pullImage(Cri.PullImageRequest request, StreamObserver<Cri.PullImageResponse> to) {
      String name = request.getImage().getImage();
      images.put(name, Cri.Image.newBuilder().setId("sha256:1").addRepoTags(name).build());
      answer(to, Cri.PullImageResponse.newBuilder().setImageRef("sha256:1").build());
    }
  }
}
