package dev.shiplog.agent.testing;

import com.google.protobuf.Message;
import dev.shiplog.agent.csi.grpc.Csi;
import dev.shiplog.agent.csi.grpc.Csi.NodeServiceCapability.RPC;
import dev.shiplog.agent.csi.grpc.NodeGrpc;
import dev.shiplog.agent.csi.registration.PluginRegistration.InfoRequest;
import dev.shiplog.agent.csi.registration.PluginRegistration.PluginInfo;
import dev.shiplog.agent.csi.registration.PluginRegistration.RegistrationStatus;
import dev.shiplog.agent.csi.registration.PluginRegistration.RegistrationStatusResponse;
import dev.shiplog.agent.csi.registration.RegistrationGrpc;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A storage driver on a real unix socket, with the registrar that real drivers have beside them. It
 * holds to the rules of the interface: what is not staged cannot be published, and what is
 * published cannot be unstaged. What a volume of it is, its {@link DriverVolumes} say. Safe for use
 * by many threads.
 */
public final class DirectoryDriver implements AutoCloseable {

  public static final String NAME = "dirs.example.com";

  public final List<Message> requests = new CopyOnWriteArrayList<>();
  public final List<RegistrationStatus> told = new CopyOnWriteArrayList<>();
  public final Set<String> staged = ConcurrentHashMap.newKeySet();
  public final Map<String, String> published = new ConcurrentHashMap<>();
  public final Set<RPC.Type> capabilities =
      EnumSet.of(
          RPC.Type.STAGE_UNSTAGE_VOLUME, RPC.Type.EXPAND_VOLUME, RPC.Type.SINGLE_NODE_MULTI_WRITER);

  /** What it says of itself; a test may change it before the driver is seen. */
  public PluginInfo info;

  public Csi.NodeGetInfoResponse here =
      Csi.NodeGetInfoResponse.newBuilder()
          .setNodeId("id-of-east")
          .setMaxVolumesPerNode(9)
          .setAccessibleTopology(
              Csi.Topology.newBuilder().putSegments("dirs.example.com/rack", "r1"))
          .build();

  /** How full it says that each volume is. */
  public Csi.NodeGetVolumeStatsResponse use = Csi.NodeGetVolumeStatsResponse.getDefaultInstance();

  private final Map<Class<?>, Queue<Status>> refusals = new ConcurrentHashMap<>();
  private final EpollEventLoopGroup loop = new EpollEventLoopGroup(1);
  private final DriverVolumes volumes;
  private final Path registrySocket;
  private final Path socket;
  private Server driver;
  private Server registrar;

  /** One whose volumes are plain files, for a node with this data directory. */
  public DirectoryDriver(Path data) {
    this(data, DriverVolumes.FILES);
  }

  /** One for a node with this data directory, which has the directories for sockets. */
  public DirectoryDriver(Path data, DriverVolumes volumes) {
    this.volumes = volumes;
    registrySocket = data.resolve("plugins_registry").resolve(NAME + "-reg.sock");
    socket = data.resolve("plugins").resolve("dirs.sock");
    info =
        PluginInfo.newBuilder()
            .setType("CSIPlugin")
            .setName(NAME)
            .setEndpoint(socket.toString())
            .addSupportedVersions("1.0.0")
            .build();
  }

  /**
   * A driver as a process of its own, until it is told to stop.
   *
   * @param arguments the node's data directory, and where the driver keeps its volumes
   */
  public static void main(String[] arguments) throws IOException {
    var driver =
        new DirectoryDriver(Path.of(arguments[0]), new MountedVolumes(Path.of(arguments[1])));
    Runtime.getRuntime().addShutdownHook(new Thread(driver::end));
    driver.start().awaitEnd();
  }

  private void end() {
    try {
      close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitEnd() {
    try {
      driver.awaitTermination();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  public DirectoryDriver start() throws IOException {
    driver = serve(socket, NodeGrpc.bindService(new Node()));
    registrar = serve(registrySocket, RegistrationGrpc.bindService(new Registrar()));
    return this;
  }

  private Server serve(Path at, ServerServiceDefinition service) throws IOException {
    return NettyServerBuilder.forAddress(new DomainSocketAddress(at.toFile()))
        .channelType(EpollServerDomainSocketChannel.class)
        .bossEventLoopGroup(loop)
        .workerEventLoopGroup(loop)
        .addService(service)
        .build()
        .start();
  }

  /** The driver ends, and its sockets with it. */
  public void stop() throws IOException {
    for (Server server : List.of(registrar, driver)) {
      try {
        server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while the server stops", e);
      }
    }
    Files.deleteIfExists(registrySocket);
    Files.deleteIfExists(socket);
  }

  /** The next request of the type is refused; several of these form a queue. */
  public void refuseNext(Class<? extends Message> request, Status status) {
    refusals.computeIfAbsent(request, _ -> new ConcurrentLinkedQueue<>()).add(status);
  }

  public <T extends Message> List<T> received(Class<T> type) {
    return requests.stream().filter(type::isInstance).map(type::cast).toList();
  }

  public <T extends Message> T last(Class<T> type) {
    return received(type).getLast();
  }

  @Override
  public void close() throws IOException {
    stop();
    var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private <T> void answer(Message request, StreamObserver<T> to, Supplier<T> work) {
    requests.add(request);
    Queue<Status> refusal = refusals.get(request.getClass());
    Status status = refusal == null ? null : refusal.poll();
    try {
      if (status != null) {
        throw status.asRuntimeException();
      }
      to.onNext(work.get());
      to.onCompleted();
    } catch (RuntimeException e) {
      to.onError(e);
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw Status.FAILED_PRECONDITION.withDescription(otherwise).asRuntimeException();
    }
  }

  // No BindableServices: Quarkus serves those that it finds, on a port of its own choice.

  private final class Registrar implements RegistrationGrpc.AsyncService {

    @Override
    public void getInfo(InfoRequest request, StreamObserver<PluginInfo> to) {
      to.onNext(info);
      to.onCompleted();
    }

    @Override
    public void notifyRegistrationStatus(
        RegistrationStatus status, StreamObserver<RegistrationStatusResponse> to) {
      told.add(status);
      to.onNext(RegistrationStatusResponse.getDefaultInstance());
      to.onCompleted();
    }
  }

  private final class Node implements NodeGrpc.AsyncService {

    @Override
    public void nodeGetInfo(
        Csi.NodeGetInfoRequest request, StreamObserver<Csi.NodeGetInfoResponse> to) {
      answer(request, to, () -> here);
    }

    @Override
    public void nodeGetCapabilities(
        Csi.NodeGetCapabilitiesRequest request,
        StreamObserver<Csi.NodeGetCapabilitiesResponse> to) {
      var all = Csi.NodeGetCapabilitiesResponse.newBuilder();
      capabilities.forEach(type -> all.addCapabilitiesBuilder().getRpcBuilder().setType(type));
      answer(request, to, all::build);
    }

    @Override
    public void nodeStageVolume(
        Csi.NodeStageVolumeRequest request, StreamObserver<Csi.NodeStageVolumeResponse> to) {
      answer(
          request,
          to,
          () -> {
            require(Files.isDirectory(Path.of(request.getStagingTargetPath())), "nowhere to stage");
            staged.add(request.getStagingTargetPath());
            return Csi.NodeStageVolumeResponse.getDefaultInstance();
          });
    }

    @Override
    public void nodeUnstageVolume(
        Csi.NodeUnstageVolumeRequest request, StreamObserver<Csi.NodeUnstageVolumeResponse> to) {
      answer(
          request,
          to,
          () -> {
            require(!published.containsValue(request.getVolumeId()), "the volume is published");
            staged.remove(request.getStagingTargetPath());
            return Csi.NodeUnstageVolumeResponse.getDefaultInstance();
          });
    }

    @Override
    public void nodePublishVolume(
        Csi.NodePublishVolumeRequest request, StreamObserver<Csi.NodePublishVolumeResponse> to) {
      answer(
          request,
          to,
          () -> {
            String staging = request.getStagingTargetPath();
            require(staging.isEmpty() || staged.contains(staging), "the volume is not staged");
            published.put(request.getTargetPath(), request.getVolumeId());
            volumes.put(
                Path.of(request.getTargetPath()),
                request.getVolumeId(),
                request.getVolumeCapability().hasBlock());
            return Csi.NodePublishVolumeResponse.getDefaultInstance();
          });
    }

    @Override
    public void nodeUnpublishVolume(
        Csi.NodeUnpublishVolumeRequest request,
        StreamObserver<Csi.NodeUnpublishVolumeResponse> to) {
      answer(
          request,
          to,
          () -> {
            published.remove(request.getTargetPath());
            volumes.take(Path.of(request.getTargetPath()));
            return Csi.NodeUnpublishVolumeResponse.getDefaultInstance();
          });
    }

    @Override
    public void nodeGetVolumeStats(
        Csi.NodeGetVolumeStatsRequest request, StreamObserver<Csi.NodeGetVolumeStatsResponse> to) {
      answer(
          request,
          to,
          () -> {
            require(published.containsKey(request.getVolumePath()), "the volume is not published");
            return use;
          });
    }

    @Override
    public void nodeExpandVolume(
        Csi.NodeExpandVolumeRequest request, StreamObserver<Csi.NodeExpandVolumeResponse> to) {
      answer(request, to, Csi.NodeExpandVolumeResponse::getDefaultInstance);
    }
  }
}
