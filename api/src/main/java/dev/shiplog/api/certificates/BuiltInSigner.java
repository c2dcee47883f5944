package dev.shiplog.api.certificates;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The signers of Kubernetes whose requests are signed here, and what each of them signs. */
enum BuiltInSigner {
  CLIENT("kubernetes.io/kube-apiserver-client") {
    @Override
    Optional<String> refusal(SigningRequest request) {
      if (request.organizations().contains("system:masters")) {
        return Optional.of("a certificate for system:masters is not signed");
      }
      return usages(request, CLIENT_USAGES, "client auth");
    }
  },
  KUBELET_CLIENT("kubernetes.io/kube-apiserver-client-kubelet") {
    @Override
    Optional<String> refusal(SigningRequest request) {
      if (!request.organizations().equals(List.of("system:nodes"))) {
        return Optional.of("the organization must be system:nodes alone");
      }
      if (!request.commonName().startsWith(NODE)) {
        return Optional.of("the common name must begin with system:node:");
      }
      if (request.alternativeNames().isPresent()) {
        return Optional.of("there must be no subject alternative names");
      }
      return usages(request, CLIENT_USAGES, "client auth");
    }
  },
  KUBELET_SERVING("kubernetes.io/kubelet-serving") {
    @Override
    Optional<String> refusal(SigningRequest request) {
      if (!request.organizations().equals(List.of("system:nodes"))) {
        return Optional.of("the organization must be system:nodes alone");
      }
      if (!request.commonName().startsWith(NODE)
          || !request.commonName().equals(request.requester().username())) {
        return Optional.of("the common name must be that of the node that asks");
      }
      if (!request.asksForHostsOnly()) {
        return Optional.of(
            "there must be subject alternative names, and only host names and addresses");
      }
      return usages(request, SERVING_USAGES, "server auth");
    }
  };

  static final String NODE = "system:node:";

  private static final Set<String> CLIENT_USAGES =
      Set.of("client auth", "digital signature", "key encipherment");
  private static final Set<String> SERVING_USAGES =
      Set.of("server auth", "digital signature", "key encipherment");

  private final String signerName;

  BuiltInSigner(String signerName) {
    this.signerName = signerName;
  }

  static Optional<BuiltInSigner> of(SigningRequest request) {
    return Arrays.stream(values())
        .filter(signer -> signer.signerName.equals(request.signer()))
        .findFirst();
  }

  /** Why the request is not signed; empty if it is. */
  abstract Optional<String> refusal(SigningRequest request);

  private static Optional<String> usages(
      SigningRequest request, Set<String> allowed, String needed) {
    return request.usages().contains(needed) && allowed.containsAll(request.usages())
        ? Optional.empty()
        : Optional.of("the usages must be " + needed + " and at most " + allowed);
  }
}
