package dev.shiplog.api.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.access.SubjectNames;
import dev.shiplog.api.schema.Trees;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

/** What concerns certificates: three plug-ins, by the names that Kubernetes gives them. */
public final class CertificateAdmission {

  private static final String REQUESTS = "certificatesigningrequests.certificates.k8s.io";
  private static final String FOR_API_CLIENTS = "kubernetes.io/kube-apiserver-client";
  private static final String MASTERS = "system:masters";

  private CertificateAdmission() {}

  /** Who approves or denies a request must be allowed to for its signer. */
  public static AdmissionPlugin approval(Authorizer authorizer) {
    return new OfSigner("CertificateApproval", "approval", "approve", authorizer);
  }

  /** Who issues a certificate must be allowed to for the request's signer. */
  public static AdmissionPlugin signing(Authorizer authorizer) {
    return new OfSigner("CertificateSigning", "status", "sign", authorizer);
  }

  /** Nobody becomes a member of {@code system:masters} by a certificate that the cluster signs. */
  public static AdmissionPlugin subjectRestriction() {
    return new SubjectRestriction();
  }

  private record OfSigner(String name, String subresource, String verb, Authorizer authorizer)
      implements AdmissionPlugin {

    @Override
    public boolean handles(AdmissionRequest request) {
      return request.operation() == AdmissionRequest.Operation.UPDATE
          && request.isAbout(REQUESTS, subresource);
    }

    @Override
    public CompletableFuture<Void> validate(AdmissionRequest request) {
      if (verb.equals("sign") && !issues(request)) {
        return Admission.DONE;
      }
      String signer = Trees.text(request.before(), "spec", "signerName");
      String all = signer.substring(0, signer.indexOf('/') + 1) + "*";
      if (!allowed(request, signer) && !allowed(request, all)) {
        throw request
            .target()
            .forbidden(
                "user not permitted to %s requests with signerName \"%s\"".formatted(verb, signer));
      }
      return Admission.DONE;
    }

    private static boolean issues(AdmissionRequest request) {
      JsonNode before = request.before().path("status");
      JsonNode after = request.object().path("status");
      return !Trees.text(before, "certificate").equals(Trees.text(after, "certificate"))
          || !failed(before).equals(failed(after));
    }

    private static Optional<JsonNode> failed(JsonNode status) {
      for (JsonNode condition : status.path("conditions")) {
        if (Trees.text(condition, "type").equals("Failed")) {
          return Optional.of(condition);
        }
      }
      return Optional.empty();
    }

    private boolean allowed(AdmissionRequest request, String signer) {
      return authorizer
          .authorize(
              request.caller().user(),
              new Attributes(verb, "certificates.k8s.io", "v1", "signers", "", "", signer, ""))
          .allowed();
    }
  }

  private record SubjectRestriction() implements AdmissionPlugin {

    @Override
    public String name() {
      return "CertificateSubjectRestriction";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
      return request.creates(REQUESTS);
    }

    @Override
    public CompletableFuture<Void> validate(AdmissionRequest request) {
      if (Trees.text(request.object(), "spec", "signerName").equals(FOR_API_CLIENTS)
          && organizations(request).contains(MASTERS)) {
        throw request
            .target()
            .forbidden(
                "use of %s signer with %s group is not allowed"
                    .formatted(FOR_API_CLIENTS, MASTERS));
      }
      return Admission.DONE;
    }

    private static List<String> organizations(AdmissionRequest request) {
      return SubjectNames.organizations(subject(request));
    }
  }

  /** The subject's common name as a request asks for it. */
  public static Optional<String> commonName(AdmissionRequest request) {
    return SubjectNames.commonName(subject(request));
  }

  private static X500Name subject(AdmissionRequest request) {
    String pem =
        new String(
            Base64.getMimeDecoder().decode(Trees.text(request.object(), "spec", "request")),
            StandardCharsets.UTF_8);
    try (PEMParser parser = new PEMParser(new StringReader(pem))) {
      if (!(parser.readObject() instanceof PKCS10CertificationRequest csr)) {
        throw request.target().forbidden("unable to parse csr: it is no PEM certificate request");
      }
      return csr.getSubject();
    } catch (IOException e) {
      throw request.target().forbidden("unable to parse csr: " + e.getMessage());
    }
  }
}
