package dev.shiplog.agent.containerd;

import static dev.shiplog.agent.containerd.CriErrors.judged;

import dev.shiplog.agent.containerd.cri.Cri;
import dev.shiplog.agent.runtime.ImageInfo;
import dev.shiplog.agent.runtime.RegistryCredentials;
import dev.shiplog.agent.runtime.RuntimeRefusedException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Images on the node; the methods are those of the runtime's contract. */
final class CriImages {

  private static final Duration READ = Duration.ofSeconds(10);
  private static final Duration REMOVE = Duration.ofMinutes(2);
  private static final Pattern SANDBOX_IMAGE = Pattern.compile("\"sandboxImage\":\"([^\"]+)\"");

  private final CriConnection cri;

  CriImages(CriConnection cri) {
    this.cri = cri;
  }

  Optional<ImageInfo> image(String reference) {
    Cri.ImageSpec image = spec(ImageReference.complete(reference));
    var request = Cri.ImageStatusRequest.newBuilder().setImage(image).build();
    Cri.ImageStatusResponse answer = judged(() -> cri.images(READ).imageStatus(request));
    return answer.hasImage() ? Optional.of(info(answer.getImage())) : Optional.empty();
  }

  ImageInfo pull(String reference, List<RegistryCredentials> credentials, Duration atMost) {
    String name = ImageReference.complete(reference);
    List<Cri.AuthConfig> logins =
        credentials.isEmpty()
            ? List.of(Cri.AuthConfig.getDefaultInstance())
            : credentials.stream().map(CriImages::login).toList();
    long deadlineNanos = System.nanoTime() + atMost.toNanos();
    RuntimeRefusedException refusal = null;
    for (Cri.AuthConfig login : logins) {
      try {
        pull(name, login, Duration.ofNanos(Math.max(1, deadlineNanos - System.nanoTime())));
        return image(name).orElseThrow(() -> notPulled(name, "it is gone again", null));
      } catch (RuntimeRefusedException e) {
        refusal = e;
      }
    }
    throw refusal;
  }

  private void pull(String name, Cri.AuthConfig login, Duration atMost) {
    var request = Cri.PullImageRequest.newBuilder().setImage(spec(name));
    if (!login.equals(Cri.AuthConfig.getDefaultInstance())) {
      request.setAuth(login);
    }
    try {
      var _ = cri.images(atMost).pullImage(request.build());
    } catch (StatusRuntimeException e) {
      throw switch (e.getStatus().getCode()) {
        case UNAVAILABLE, CANCELLED -> CriErrors.judge(e);
        case DEADLINE_EXCEEDED -> notPulled(name, "it took too long", e);
        default -> notPulled(name, CriErrors.message(e), e);
      };
    }
  }

  private static RuntimeRefusedException notPulled(
      String name, String why, StatusRuntimeException e) {
    boolean saysWhat = why.startsWith("failed to pull");
    String message = saysWhat ? why : "failed to pull image \"" + name + "\": " + why;
    return new RuntimeRefusedException("ErrImagePull", message, e);
  }

  List<ImageInfo> images() {
    Optional<String> ofSandboxes = sandboxImage();
    return judged(() -> cri.images(READ).listImages(Cri.ListImagesRequest.getDefaultInstance()))
        .getImagesList()
        .stream()
        .map(CriImages::info)
        .map(image -> ofSandboxes.filter(image.tags()::contains).isPresent() ? image.kept() : image)
        .toList();
  }

  /**
   * The image that each sandbox is made of. No container is, and an older containerd does not say
   * of it that it has to stay.
   */
  private Optional<String> sandboxImage() {
    var request = Cri.StatusRequest.newBuilder().setVerbose(true).build();
    String config = judged(() -> cri.runtime(READ).status(request)).getInfoOrDefault("config", "");
    return SANDBOX_IMAGE
        .matcher(config)
        .results()
        .map(found -> ImageReference.complete(found.group(1)))
        .findFirst();
  }

  void remove(String imageId) {
    var request = Cri.RemoveImageRequest.newBuilder().setImage(spec(imageId)).build();
    try {
      var _ = cri.images(REMOVE).removeImage(request);
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.NOT_FOUND) {
        throw CriErrors.judge(e);
      }
    }
  }

  Optional<Path> directory() {
    return judged(() -> cri.images(READ).imageFsInfo(Cri.ImageFsInfoRequest.getDefaultInstance()))
        .getImageFilesystemsList()
        .stream()
        .map(usage -> Path.of(usage.getFsId().getMountpoint()))
        .findFirst();
  }

  private static ImageInfo info(Cri.Image image) {
    return new ImageInfo(
        image.getId(),
        image.getRepoTagsList(),
        image.getRepoDigestsList(),
        image.getSize(),
        image.hasUid() ? OptionalLong.of(image.getUid().getValue()) : OptionalLong.empty(),
        image.getUsername(),
        image.getPinned());
  }

  private static Cri.ImageSpec spec(String image) {
    return Cri.ImageSpec.newBuilder().setImage(image).build();
  }

  private static Cri.AuthConfig login(RegistryCredentials credentials) {
    return Cri.AuthConfig.newBuilder()
        .setUsername(credentials.username())
        .setPassword(credentials.password())
        .setServerAddress(credentials.server())
        .setIdentityToken(credentials.identityToken())
        .build();
  }
}
