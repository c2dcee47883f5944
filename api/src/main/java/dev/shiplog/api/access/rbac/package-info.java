/**
 * Authorization by Roles, ClusterRoles and their bindings: an index of them that follows the store,
 * decisions from it, the checks that keep anybody from granting more than they hold, and the roles
 * every cluster starts with. The rules are those of Kubernetes' {@code rbac.authorization.k8s.io}.
 */
package dev.shiplog.api.access.rbac;
