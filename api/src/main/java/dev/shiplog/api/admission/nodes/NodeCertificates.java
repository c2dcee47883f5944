package dev.shiplog.api.admission.nodes;

import dev.shiplog.api.admission.AdmissionRequest;
import dev.shiplog.api.admission.AdmissionRequest.Operation;
import dev.shiplog.api.admission.CertificateAdmission;
import dev.shiplog.api.schema.Trees;
import java.util.Set;

/** A node asks for certificates in its own name alone. */
final class NodeCertificates {

  private static final Set<String> SIGNERS =
      Set.of("kubernetes.io/kubelet-serving", "kubernetes.io/kube-apiserver-client-kubelet");

  private NodeCertificates() {}

  static void check(AdmissionRequest request, String node) {
    if (request.operation() != Operation.CREATE
        || !SIGNERS.contains(Trees.text(request.object(), "spec", "signerName"))) {
      return;
    }
    String asked = CertificateAdmission.commonName(request).orElse("");
    if (!asked.equals("system:node:" + node)) {
      throw request
          .target()
          .forbidden(
              "can only create a node CSR with CN=system:node:%s, not CN=%s"
                  .formatted(node, asked));
    }
  }
}
