; The installer for Windows, for Inno Setup 6:  iscc /DVersion=0.1.0 packaging\windows\inkstone.iss
; It installs for the person alone, without an administrator's rights, and never touches the library in %LOCALAPPDATA%.
; Signing: `iscc /DSign /Sinkstone="signtool sign /fd sha256 /tr http://timestamp.digicert.com /td sha256 /a $f"`.

#ifndef Version
  #error The version comes from pyproject.toml: iscc /DVersion=...
#endif
; not every Inno Setup brings its own texts in Chinese
#define HasChinese FileExists(AddBackslash(CompilerPath) + "Languages\ChineseSimplified.isl")
#define Program "..\..\build\package\inkstone"

[Setup]
; an update is known by this
AppId={{8C5C1E0B-7E0C-4A53-9B0E-0C9B9D6E6B41}
AppName=Inkstone
AppVersion={#Version}
AppPublisher=Inkstone developers
LicenseFile=..\..\LICENSE
DefaultDirName={autopf}\Inkstone
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
OutputDir=..\..\dist
OutputBaseFilename=inkstone-{#Version}-windows-x64
SetupIconFile=..\..\build\package\pictures\inkstone.ico
UninstallDisplayIcon={app}\InkstoneWindow.exe
Compression=lzma2/max
SolidCompression=yes
WizardStyle=modern
ChangesAssociations=yes
ChangesEnvironment=yes
CloseApplications=yes
#ifdef Sign
SignTool=inkstone
SignedUninstaller=yes
#endif

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
#if HasChinese
Name: "zh"; MessagesFile: "compiler:Languages\ChineseSimplified.isl"
#endif

[CustomMessages]
en.OnPath=Let the command `inkstone` be found in every terminal
en.OpenWith=Offer Inkstone under "Open with" for documents
#if HasChinese
zh.OnPath=让每个终端都能找到 `inkstone` 命令
zh.OpenWith=在文档的“打开方式”中列出 Inkstone
#endif

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked
Name: "openwith"; Description: "{cm:OpenWith}"
Name: "onpath"; Description: "{cm:OnPath}"; Flags: unchecked

[InstallDelete]
; an update leaves no file of the earlier version behind
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Program}\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{autoprograms}\Inkstone"; Filename: "{app}\InkstoneWindow.exe"
Name: "{autodesktop}\Inkstone"; Filename: "{app}\InkstoneWindow.exe"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "Software\Classes\Applications\InkstoneWindow.exe\shell\open\command"; ValueType: string; ValueData: """{app}\InkstoneWindow.exe"" open ""%1"""; Flags: uninsdeletekey; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\Applications\InkstoneWindow.exe\SupportedTypes"; ValueType: string; ValueName: ".pdf"; ValueData: ""; Flags: uninsdeletekey; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\Applications\InkstoneWindow.exe\SupportedTypes"; ValueType: string; ValueName: ".docx"; ValueData: ""; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\Applications\InkstoneWindow.exe\SupportedTypes"; ValueType: string; ValueName: ".md"; ValueData: ""; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\Directory\shell\Inkstone"; ValueType: string; ValueData: "Inkstone"; Flags: uninsdeletekey; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\Directory\shell\Inkstone\command"; ValueType: string; ValueData: """{app}\InkstoneWindow.exe"" open ""%1"""; Tasks: openwith
Root: HKCU; Subkey: "Environment"; ValueType: expandsz; ValueName: "Path"; ValueData: "{olddata};{app}"; Check: NotOnPath; Tasks: onpath

[Run]
Filename: "{app}\InkstoneWindow.exe"; Description: "{cm:LaunchProgram,Inkstone}"; Flags: nowait postinstall skipifsilent

[Code]
function NotOnPath: Boolean;
var
  Paths: string;
begin
  Paths := '';
  RegQueryStringValue(HKCU, 'Environment', 'Path', Paths);
  Result := Pos(';' + Lowercase(ExpandConstant('{app}')) + ';', ';' + Lowercase(Paths) + ';') = 0;
end;

procedure CurUninstallStepChanged(Step: TUninstallStep);
var
  Paths, Ours: string;
  At: Integer;
begin
  if (Step <> usPostUninstall) or not RegQueryStringValue(HKCU, 'Environment', 'Path', Paths) then
    exit;
  Ours := ';' + ExpandConstant('{app}');
  At := Pos(Lowercase(Ours), Lowercase(Paths));
  if At > 0 then
  begin
    Delete(Paths, At, Length(Ours));
    RegWriteExpandStringValue(HKCU, 'Environment', 'Path', Paths);
  end;
end;
