/**
 * The Pod Security Standards: what a namespace's labels say pods may do to their node. The checks
 * are those of the latest version of the standards.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/security/pod-security-standards/">Pod Security
 *     Standards</a>
 */
package dev.shiplog.api.admission.podsecurity;
