//! FLTK's own words in the dialog that asks where to save.

/// A switch of the dialog.
pub const PREVIEW: &str = "Visualizar";
/// A switch of the dialog.
pub const HIDDEN: &str = "Mostrar arquivos ocultos";
/// The button that saves.
pub const SAVE: &str = "Salvar";
/// Before the kinds of files.
pub const SHOW: &str = "Mostrar:";
/// Before the file's name.
pub const FILE_NAME: &str = "Arquivo:";
/// The list of folders that one uses much.
pub const FAVORITES: &str = "Favoritos";
/// Adds to it.
pub const ADD_FAVORITES: &str = "Adicionar aos favoritos";
/// Changes it.
pub const MANAGE_FAVORITES: &str = "Organizar favoritos";
/// The root of all folders.
pub const FILE_SYSTEMS: &str = "Sistemas de arquivos";
/// Asks for the name of a new folder.
pub const NEW_FOLDER: &str = "Nova pasta?";
/// The button for it.
pub const NEW_FOLDER_TIP: &str = "Criar uma pasta";
/// The file is there already.
pub const EXISTING: &str = "Escolha um arquivo que existe.";
/// A kind of files.
pub const ALL_FILES: &str = "Todos os arquivos (*)";
/// A kind of files.
pub const FILTER: &str = "Outro filtro";
