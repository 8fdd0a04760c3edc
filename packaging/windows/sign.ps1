# Signs the program's own executables before the installer is made, if a certificate is there.
#
#   packaging\windows\sign.ps1
#
# SIGN_THUMBPRINT  of a code signing certificate in the person's store; nothing is signed without it
$ErrorActionPreference = "Stop"
if (-not $env:SIGN_THUMBPRINT) {
    Write-Host "SIGN_THUMBPRINT is not set: the programs stay unsigned."
    exit 0
}
$folder = Join-Path $PSScriptRoot "..\..\build\package\inkstone"
foreach ($name in "inkstone.exe", "InkstoneWindow.exe") {
    & signtool sign /fd sha256 /tr http://timestamp.digicert.com /td sha256 /sha1 $env:SIGN_THUMBPRINT (Join-Path $folder $name)
    if ($LASTEXITCODE) { exit $LASTEXITCODE }
}
