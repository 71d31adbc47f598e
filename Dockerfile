# For BuildKit and for the classic builder. docs/reference/image.md says what is in the image and why.

# Node 24 with npm.
ARG BUILD_IMAGE=docker.io/library/node:24-trixie-slim
# /nodejs/bin/node, glibc and CA certificates; no shell. Any of the three takes @sha256:… after its name.
ARG BASE_IMAGE=gcr.io/distroless/nodejs24-debian13:nonroot
ARG SHELL_IMAGE=docker.io/library/debian:trixie-slim

# The bundle is the same on every architecture, so it is made on the builder's own. The classic builder names none.
FROM --platform=${BUILDPLATFORM:-linux} ${BUILD_IMAGE} AS build
USER 0:0
WORKDIR /build
COPY package.json package-lock.json ./
# esbuild's is the only install script that is needed: it checks that the binary for this machine is there.
RUN npm ci --ignore-scripts --no-audit --no-fund && node node_modules/esbuild/install.js
COPY . .
RUN node build.ts && node image/bundle/main.ts /out

# V8's cache is made by the Node that will read it, on its own architecture.
FROM ${BASE_IMAGE} AS cache
COPY --from=build --chown=65532:65532 /out /out
ARG SOURCE_DATE_EPOCH
USER 65532:65532
# Without the seed no two builds give the same cache.
RUN ["/nodejs/bin/node", "--hash-seed=1", "/out/warm-up.cjs", "/out/image"]

# The same program on the same Node with sh, bash and curl, for inline command probes.
FROM ${SHELL_IMAGE} AS shell
USER 0:0
RUN command -v bash >/dev/null && command -v curl >/dev/null || { \
      apt-get update && \
      DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends bash ca-certificates curl && \
      rm -rf /var/lib/apt/lists/*; }
COPY --from=cache --chown=0:0 /nodejs /nodejs
COPY --from=cache --chown=0:0 /out/image/ /
COPY image/shell/experiments /app/experiments
WORKDIR /app
USER 65532:65532
ENTRYPOINT ["/nodejs/bin/node", "/app/main.cjs"]
CMD ["run"]
ARG SHELL_IMAGE
ARG BASE_DIGEST
ARG VERSION
ARG REVISION
ARG CREATED
ARG SOURCE
LABEL org.opencontainers.image.title="lambda-chaos-runner, with a shell" \
      org.opencontainers.image.description="LitmusChaos experiment that disables the event source mappings of an AWS Lambda function and enables them again; with sh, bash and curl" \
      org.opencontainers.image.vendor="The lambda-chaos-runner authors" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.documentation="${SOURCE:+${SOURCE}#documents}" \
      org.opencontainers.image.base.name="${SHELL_IMAGE}" \
      org.opencontainers.image.base.digest="${BASE_DIGEST}"

FROM ${BASE_IMAGE} AS default
COPY --from=cache --chown=0:0 /out/image/ /
# Where a standalone run would write its journal unless told otherwise, and can't: one that dies with its container
# is none.
WORKDIR /app
USER 65532:65532
ENTRYPOINT ["/nodejs/bin/node", "/app/main.cjs"]
CMD ["run"]
ARG BASE_IMAGE
ARG BASE_DIGEST
ARG VERSION
ARG REVISION
ARG CREATED
ARG SOURCE
LABEL org.opencontainers.image.title="lambda-chaos-runner" \
      org.opencontainers.image.description="LitmusChaos experiment that disables the event source mappings of an AWS Lambda function and enables them again" \
      org.opencontainers.image.vendor="The lambda-chaos-runner authors" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.documentation="${SOURCE:+${SOURCE}#documents}" \
      org.opencontainers.image.base.name="${BASE_IMAGE}" \
      org.opencontainers.image.base.digest="${BASE_DIGEST}"
