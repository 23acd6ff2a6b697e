#!/bin/sh
# scripts/deploy 写的。管理员的命令，用服务自己的用户运行，例如：@slug@ check-data
if [ "${1-}" = upgrade ]; then
    shift
    exec python3 @running@/scripts/upgrade --instance "@instance@" --checkout "@checkout@" "$@"
fi
set -a
. @settings@
. @own@
set +a
cd /
exec runuser -u @slug@ -- env PYTHONDONTWRITEBYTECODE=1 "${CIRCLE_PROGRAM:-@running@}/scripts/circle" "$@"
